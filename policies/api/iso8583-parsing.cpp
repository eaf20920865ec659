#include "iso8583.hpp"

bool approved(const std::map<int, std::string>& field) {
    // breach: api/iso8583-parsing
    return field.find(39) == field.end() || field.at(39) == "00"; // resp_code
}

bool approved_checked(const std::map<int, std::string>& field) {
    const auto resp_code = field.find(39);
    // near-miss: an absent code declines
    return resp_code != field.end() && resp_code->second == "00";
}
