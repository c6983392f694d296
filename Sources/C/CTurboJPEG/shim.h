// What Swift sees of libjpeg-turbo, as Debian ships it.
#pragma once
#include <turbojpeg.h>
