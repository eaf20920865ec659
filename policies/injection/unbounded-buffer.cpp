#include <cstdio>
#include <cstring>
#include <string>

class MessageParser {
public:
    void payee(const char *name) {
        // breach: injection/unbounded-buffer
        std::strcpy(record_.payee, name);
        // near-miss: a string grows
        payee_ = name;
    }

    void report(const std::string &text) {
        // breach: injection/unbounded-buffer
        printf(text.c_str());
        // near-miss: the format is a literal
        printf("%s", text.c_str());
    }

    void key(char *input) {
        char word[16];
        // breach: injection/unbounded-buffer
        sscanf(input, "%s", word);
        // near-miss: the width bounds it
        sscanf(input, "%15s", word);
        // near-miss: a text that names the function
        puts("gets(word) is refused");
    }

private:
    Record record_;
    std::string payee_;
};
