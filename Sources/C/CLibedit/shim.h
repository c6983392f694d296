// What Swift sees of libedit's readline interface, as Debian ships it.
#pragma once
#include <stdio.h>
#include <editline/readline.h>
