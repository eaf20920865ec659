package com.bank.channel.security

// breach: auth/disabled-protection
@SpringBootApplication(exclude = [SecurityAutoConfiguration::class])
class ChannelApplication

@Configuration
class ChannelSecurity {
    fun teller(http: HttpSecurity): SecurityFilterChain {
        http {
            // breach: auth/disabled-protection
            csrf { disable() }
            headers {
                // breach: auth/disabled-protection
                frameOptions { disable() }
            }
            authorizeHttpRequests {
                // breach: auth/disabled-protection
                authorize(anyRequest, permitAll)
            }
        }
        return http.build()
    }

    fun legacy(http: HttpSecurity): SecurityFilterChain {
        // breach: auth/disabled-protection
        http.csrf { it.disable() }
        // breach: auth/disabled-protection
        http.csrf().disable()
        // breach: auth/disabled-protection
        http.authorizeHttpRequests { it.anyRequest().permitAll() }
        return http.build()
    }

    fun api(http: HttpSecurity): SecurityFilterChain {
        // near-miss: no session, the identity comes in a header
        http.csrf { it.disable() }
            .sessionManagement { it.sessionCreationPolicy(SessionCreationPolicy.STATELESS) }
        return http.build()
    }

    fun branch(http: HttpSecurity): SecurityFilterChain {
        http {
            // near-miss: one path that verifies signatures
            csrf { ignoringRequestMatchers("/callback/clearing") }
            authorizeHttpRequests {
                // near-miss: one named path is open
                authorize("/health", permitAll)
                authorize(anyRequest, authenticated)
            }
        }
        // near-miss: not a protection
        channel.notifications { disable() }
        return http.build()
    }
}
