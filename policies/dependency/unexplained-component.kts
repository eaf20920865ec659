// stands-for: build.gradle.kts
dependencies {
    // breach: dependency/unexplained-component
    implementation("com.example.unknown:magic-json:0.2")
    // INV-0231: JSON binding, approved 2026-02
    // near-miss: inventory number and reason
    implementation("com.fasterxml.jackson.core:jackson-databind:2.17.2")
}
