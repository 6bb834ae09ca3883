# Shows that layering_test.cmake finds what it is for: builds small trees in SCRATCH, one with nothing
# wrong and one for each rule, and looks at what the test says of them.
cmake_minimum_required(VERSION 3.25)

set(layering_test ${CMAKE_CURRENT_LIST_DIR}/layering_test.cmake)
set(tree ${SCRATCH}/layering_selftest)

function(plant_sound_tree)
  file(REMOVE_RECURSE ${tree})
  file(WRITE ${tree}/README.md "words\n")
  file(WRITE ${tree}/.gitignore "/build/\n")
  file(WRITE ${tree}/build/anything.h "#include \"tools/options.h\"\n")
  file(WRITE ${tree}/captures/packet.h "#include <vector>\n")
  file(WRITE ${tree}/dissectors/tcp.h "#include <netinet/in.h>\n#include \"captures/packet.h\"\n")
  file(WRITE ${tree}/analyzer/flow/key.h "#include \"dissectors/tcp.h\"\n")
  file(WRITE ${tree}/tools/tapdeck/main.cpp "#include \"analyzer/flow/key.h\"\n")
  file(WRITE ${tree}/tests/support/hex.h "#include \"tools/tapdeck/options.h\"\n")
  lines(400 ${tree}/captures/long.cpp)
  lines(500 ${tree}/tests/long_test.cpp)
endfunction()

function(lines count path)
  string(REPEAT "// [;\n" ${count} text)
  file(WRITE ${path} "${text}")
endfunction()

function(judge outcome said)
  execute_process(COMMAND ${CMAKE_COMMAND} -D ROOT=${tree} -P ${layering_test}
                  RESULT_VARIABLE result OUTPUT_QUIET ERROR_VARIABLE errors)
  string(REGEX REPLACE "[ \n]+" " " errors "${errors}")
  set(${outcome} ${result} PARENT_SCOPE)
  set(${said} "${errors}" PARENT_SCOPE)
endfunction()

function(expect_sound)
  judge(outcome said)
  if(NOT outcome EQUAL 0)
    message(SEND_ERROR "a sound tree was refused: ${said}")
  endif()
endfunction()

function(expect_complaint complaint)
  judge(outcome said)
  string(FIND "${said}" "${complaint}" found)
  if(outcome EQUAL 0 OR found EQUAL -1)
    message(SEND_ERROR "expected \"${complaint}\", got (${outcome}): ${said}")
  endif()
endfunction()

plant_sound_tree()
expect_sound()

file(APPEND ${tree}/dissectors/tcp.h "  # include \"analyzer/flow/key.h\"\n")
expect_complaint("dissectors/tcp.h: includes analyzer/, which lies to the right of dissectors/")

plant_sound_tree()
file(APPEND ${tree}/tools/tapdeck/main.cpp "#include <tests/support/hex.h>\n")
expect_complaint("tools/tapdeck/main.cpp: includes tests/, which lies to the right of tools/")

plant_sound_tree()
file(APPEND ${tree}/analyzer/flow/key.h "#include \"../../tools/tapdeck/options.h\"\n")
expect_complaint("is not written from the root of the project")

plant_sound_tree()
lines(401 ${tree}/captures/long.cpp)
expect_complaint("captures/long.cpp: 401 lines, at most 400 are allowed")

plant_sound_tree()
lines(501 ${tree}/tests/long_test.cpp)
expect_complaint("tests/long_test.cpp: 501 lines, at most 500 are allowed")

plant_sound_tree()
lines(400 ${tree}/tools/lab/record)
file(READ ${tree}/tools/lab/record text)
file(WRITE ${tree}/tools/lab/record "#!/bin/sh\n${text}")
expect_complaint("tools/lab/record: 401 lines, at most 400 are allowed")

plant_sound_tree()
file(WRITE ${tree}/docs/idea.md "words\n")
expect_complaint("docs: does not belong at the top level")

file(REMOVE_RECURSE ${tree})
