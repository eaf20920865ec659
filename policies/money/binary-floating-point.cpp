#include <cstdint>
#include <vector>

namespace bank {

class Statement {
public:
    // breach: money/binary-floating-point
    double openingBalance() const;
    // near-miss: minor units
    std::int64_t closingBalance() const;
    // breach: money/binary-floating-point
    void addCharge(double amount);

private:
    // breach: money/binary-floating-point
    std::vector<double> payments_;
    // near-miss: the zoom of the page and the balance of white in the print
    double zoomAmount_ = 1.0, whiteBalance_ = 0.5;
};

// breach: money/binary-floating-point
double Statement::openingBalance() const
{
    // near-miss: a ratio
    double priceRatio = 1.0;
    return priceRatio;
}

}
