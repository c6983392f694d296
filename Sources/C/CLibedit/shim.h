// What Swift sees of edit, as Debian ships it.
#pragma once
#include <histedit.h>
#include <editline/readline.h>
