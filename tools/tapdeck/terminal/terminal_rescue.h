// Gives the terminal back to its user when a signal ends the program where it stands: nobody should
// have to type "reset" blindly.
#pragma once

#include <string_view>

namespace tapdeck {

/// From now on each signal that would end the program first writes this to standard output and sets
/// the terminal's modes as they are now; signals that somebody else handles stay theirs. There is
/// but one terminal: until end_rescue() another call does nothing.
void begin_rescue(int terminal, std::string_view sequence);
void end_rescue();

/// For who ends the program by a signal that is its own; nothing after end_rescue().
void rescue_terminal();

}  // namespace tapdeck
