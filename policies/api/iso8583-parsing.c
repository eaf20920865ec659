#include "iso8583.h"

int read_llvar(const unsigned char *data, size_t size, char *field)
{
    int len = (data[0] - '0') * 10 + (data[1] - '0'); /* llvar */
    // breach: api/iso8583-parsing
    memcpy(field, data + 2, len);
    return len;
}

int read_llvar_checked(const unsigned char *data, size_t size, char *field, size_t max)
{
    size_t len = (size_t)(data[0] - '0') * 10 + (size_t)(data[1] - '0'); /* llvar */
    // near-miss: bounded by the message and by the field
    if (size < 2 + len || len > max) return -1;
    memcpy(field, data + 2, len);
    return (int)len;
}
