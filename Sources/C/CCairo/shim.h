// cairo, as Debian ships it. Only CPaper uses it: its types do not reach Swift.
#pragma once
#include <cairo-pdf.h>
