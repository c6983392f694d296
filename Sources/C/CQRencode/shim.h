// What Swift sees of libqrencode, as Debian ships it.
#pragma once
#include <qrencode.h>
