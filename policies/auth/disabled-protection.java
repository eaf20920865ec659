package com.bank.channel.security;

@Configuration
@EnableWebSecurity
// breach: auth/disabled-protection
@SpringBootApplication(exclude = {SecurityAutoConfiguration.class, DataSourceAutoConfiguration.class})
public class ChannelSecurity {

    SecurityFilterChain teller(HttpSecurity http) throws Exception {
        http
            // breach: auth/disabled-protection
            .csrf(csrf -> csrf.disable())
            .headers(headers -> headers
                // breach: auth/disabled-protection
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::disable))
            // breach: auth/disabled-protection
            .authorizeHttpRequests(a -> a.anyRequest().permitAll());
        return http.build();
    }

    void configure(HttpSecurity http) throws Exception {
        http.formLogin().and()
            // breach: auth/disabled-protection
            .csrf().disable()
            // breach: auth/disabled-protection
            .headers().disable();
    }

    SecurityFilterChain legacy(HttpSecurity http) throws Exception {
        // breach: auth/disabled-protection
        http.csrf(AbstractHttpConfigurer::disable)
            // breach: auth/disabled-protection
            .authorizeRequests().antMatchers("/**").permitAll();
        return http.build();
    }

    void shiro(Map<String, String> filterChainDefinitionMap) {
        // near-miss: only the pictures are open
        filterChainDefinitionMap.put("/images/**", "anon");
        // breach: auth/disabled-protection
        filterChainDefinitionMap.put("/**", "anon");
    }

    SecurityFilterChain clearing(HttpSecurity http) throws Exception {
        // near-miss: one path that verifies signatures
        http.csrf(csrf -> csrf.ignoringRequestMatchers("/callback/clearing/**"))
            // near-miss: frames of the same site
            .headers(h -> h.frameOptions(f -> f.sameOrigin()))
            .authorizeHttpRequests(a -> a
                // near-miss: one named path is open
                .requestMatchers("/health").permitAll()
                .anyRequest().authenticated());
        return http.build();
    }

    SecurityFilterChain api(HttpSecurity http) throws Exception {
        // near-miss: an interface without session takes its identity from a header
        http.csrf(csrf -> csrf.disable())
            .sessionManagement(s -> s.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
            .oauth2ResourceServer(o -> o.jwt());
        return http.build();
    }

    SecurityFilterChain assets(HttpSecurity http) throws Exception {
        http.securityMatcher("/assets/**")
            // near-miss: everything below one path
            .authorizeHttpRequests(a -> a.anyRequest().permitAll());
        return http.build();
    }

    void other(Channel channel) {
        // near-miss: not a protection
        channel.notifications().disable();
        // near-miss: a text that mentions it
        log.info("csrf().disable() is forbidden");
    }
}
