#include <iostream>
#include <string>

void authorise(const AuthRequest& req, const std::string& password)
{
    // breach: data/sensitive-data-in-logs
    std::cout << "authorise card " << req.cardNumber << std::endl;
    // near-miss: masked
    std::cout << "authorise card " << maskPan(req.cardNumber) << std::endl;
    // breach: data/sensitive-data-in-logs
    std::cerr << "login with " << password << "\n";
    // near-miss: how long it is
    std::cerr << "password length " << password.size() << "\n";
}
