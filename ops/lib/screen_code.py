"""Reads the QR code that a program draws in half blocks on a text screen, as a camera would in front of it.

For the tour only: the screen is as the program drew it, so that nothing has to be corrected, and of the four levels of
correction only the lowest is read, which the kiosk uses. ISO/IEC 18004 names the tables and rules.
"""

# Of each version, for the lowest level: codewords of correction in a block, then (blocks, data codewords in each).
BLOCKS = {
    1: (7, [(1, 19)]), 2: (10, [(1, 34)]), 3: (15, [(1, 55)]), 4: (20, [(1, 80)]), 5: (26, [(1, 108)]), 6: (18, [(2, 68)]),
    7: (20, [(2, 78)]), 8: (24, [(2, 97)]), 9: (30, [(2, 116)]), 10: (18, [(2, 68), (2, 69)]), 11: (20, [(4, 81)]),
    12: (24, [(2, 92), (2, 93)]), 13: (26, [(4, 107)]), 14: (30, [(3, 115), (1, 116)]), 15: (22, [(5, 87), (1, 88)]),
    16: (24, [(5, 98), (1, 99)]),
}
MASKS = [
    lambda y, x: (y + x) % 2, lambda y, x: y % 2, lambda y, x: x % 3, lambda y, x: (y + x) % 3,
    lambda y, x: (y // 2 + x // 3) % 2, lambda y, x: y * x % 2 + y * x % 3, lambda y, x: (y * x % 2 + y * x % 3) % 2,
    lambda y, x: ((y + x) % 2 + y * x % 3) % 2,
]
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
TOP_OF_FINDER = "█▀▀▀▀▀█"


def modules(screen):
    """The code as rows of truth values, dark is true; None if there is none."""
    lines = screen.splitlines()
    for number, line in enumerate(lines):
        start = line.find(TOP_OF_FINDER)
        if start < 0 or not line.rstrip().endswith(TOP_OF_FINDER):
            continue
        size = len(line.rstrip()) - start
        rows = []
        for text in lines[number : number + (size + 1) // 2]:
            text = text[start:].ljust(size)[:size]
            rows += [[sign in "█▀" for sign in text], [sign in "█▄" for sign in text]]
        return rows[:size]
    return None


def is_function(version, size):
    """Which modules hold no data."""
    fixed = [[False] * size for _ in range(size)]

    def fill(top, left, height, width):
        for y in range(max(top, 0), min(top + height, size)):
            for x in range(max(left, 0), min(left + width, size)):
                fixed[y][x] = True

    fill(0, 0, 9, 9), fill(0, size - 8, 9, 8), fill(size - 8, 0, 8, 9)
    fill(6, 0, 1, size), fill(0, 6, size, 1)
    if version >= 2:
        count = version // 7 + 2
        step = (version * 4 + count * 2 + 1) // (count * 2 - 2) * 2
        centres = [6] + [size - 7 - step * index for index in reversed(range(count - 1))]
        corners = {(6, 6), (6, size - 7), (size - 7, 6)}
        for y in centres:
            for x in centres:
                if (y, x) not in corners:
                    fill(y - 2, x - 2, 5, 5)
    if version >= 7:
        fill(0, size - 11, 6, 3), fill(size - 11, 0, 3, 6)
    return fixed


def codewords(rows):
    size, version = len(rows), (len(rows) - 17) // 4
    form = [rows[8][x] for x in range(5)]
    level, mask = (form[0] ^ 1) * 2 + form[1], (form[2] ^ 1) * 4 + form[3] * 2 + (form[4] ^ 1)
    if level != 1 or version not in BLOCKS:
        raise ValueError(f"a code of level {level}, version {version} is not read here")
    fixed, bits, right = is_function(version, size), [], size - 1
    while right >= 1:
        right -= right == 6
        for step in range(size):
            y = step if (right + 1) & 2 else size - 1 - step
            bits += [rows[y][x] ^ (MASKS[mask](y, x) == 0) for x in (right, right - 1) if not fixed[y][x]]
        right -= 2
    words = [int("".join("01"[bit] for bit in bits[at : at + 8]), 2) for at in range(0, len(bits) - 7, 8)]
    sizes = [length for count, length in BLOCKS[version][1] for _ in range(count)]
    blocks, taken = [[] for _ in sizes], iter(words)
    for place in range(max(sizes)):
        for block, length in zip(blocks, sizes):
            if place < length:
                block.append(next(taken))
    return version, [word for block in blocks for word in block]


def read(screen):
    """The text of the first code on the screen; None if there is none."""
    rows = modules(screen)
    if rows is None:
        return None
    version, words = codewords(rows)
    stream, at, text = "".join(f"{word:08b}" for word in words), 0, ""

    def take(count):
        nonlocal at
        at += count
        return int(stream[at - count : at] or "0", 2)

    wide = version >= 10
    while at + 4 <= len(stream):
        mode = take(4)
        if mode == 1:
            count = take(12 if wide else 10)
            for left in range(count, 0, -3):
                digits = min(left, 3)
                text += f"{take((0, 4, 7, 10)[digits]):0{digits}d}"
        elif mode == 2:
            count = take(11 if wide else 9)
            for left in range(count, 0, -2):
                pair = take(11 if left > 1 else 6)
                text += (LETTERS[pair // 45] if left > 1 else "") + LETTERS[pair % 45]
        elif mode == 4:
            text += bytes(take(8) for _ in range(take(16 if wide else 8))).decode()
        else:
            break
    return text
