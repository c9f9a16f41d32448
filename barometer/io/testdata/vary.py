"""System files that neither PSPP nor haven write here: of the other byte order, in windows-1252, of
an unknown number of cases. Each is a file of PSPP's, changed; run by make.sh."""
import struct

HEADER = "<4s60siiiiid9s8s64s3s"
SIZES = {3: 4, 4: 8, 11: 4, 16: 8}  # of the elements of records 7 that hold numbers


def records(data):
    """Yields (type, bytes) of the dictionary, then (0, the cases)."""
    at = struct.calcsize(HEADER)
    yield "header", data[:at]
    while True:
        kind, = struct.unpack_from("<i", data, at)
        start = at
        if kind == 2:
            _, has_label, missing = struct.unpack_from("<iii", data, at + 4)
            at += 32
            if has_label:
                size, = struct.unpack_from("<i", data, at)
                at += 4 + (size + 3) // 4 * 4
            at += 8 * abs(missing)
        elif kind == 3:
            count, = struct.unpack_from("<i", data, at + 4)
            at += 8
            for _ in range(count):
                at += 8 + (data[at + 8] + 8) // 8 * 8
        elif kind == 4:
            count, = struct.unpack_from("<i", data, at + 4)
            at += 8 + 4 * count
        elif kind == 6:
            count, = struct.unpack_from("<i", data, at + 4)
            at += 8 + 80 * count
        elif kind == 7:
            _, size, count = struct.unpack_from("<iii", data, at + 4)
            at += 16 + size * count
        elif kind == 999:
            at += 8
        yield kind, data[start:at]
        if kind == 999:
            yield "cases", data[at:]
            return


def turned(data, size):
    return b"".join(data[i:i + size][::-1] for i in range(0, len(data), size))


def big_endian(data):
    """The same file of the other byte order. Of plain files only."""
    out = b""
    widths = []
    labelled_text = False
    parts = list(records(data))
    for i, (kind, part) in enumerate(parts):
        if kind == "header":
            out += struct.pack(HEADER.replace("<", ">"), *struct.unpack(HEADER, part))
        elif kind == 2:
            width, has_label, missing = struct.unpack_from("<iii", part, 4)
            widths.append(width)
            out += turned(part[:24], 4) + part[24:32]
            at = 32
            if has_label:
                size, = struct.unpack_from("<i", part, at)
                end = at + 4 + (size + 3) // 4 * 4
                out += turned(part[at:at + 4], 4) + part[at + 4:end]
                at = end
            out += turned(part[at:], 8) if width == 0 else part[at:]
        elif kind == 3:
            variable, = struct.unpack_from("<i", parts[i + 1][1], 8)
            labelled_text = widths[variable - 1] != 0
            count, = struct.unpack_from("<i", part, 4)
            out += turned(part[:8], 4)
            at = 8
            for _ in range(count):
                end = at + 8 + (part[at + 8] + 8) // 8 * 8
                value = part[at:at + 8]
                out += (value if labelled_text else value[::-1]) + part[at + 8:end]
                at = end
        elif kind == 4 or kind == 999:
            out += turned(part, 4)
        elif kind == 6:
            out += turned(part[:8], 4) + part[8:]
        elif kind == 7:
            subtype, = struct.unpack_from("<i", part, 4)
            body = part[16:]
            if subtype == 3:
                values = list(struct.unpack("<8i", body))
                values[6] = 1  # big endian
                body = struct.pack("<8i", *values)
            if subtype in (21, 22):
                body = long_texts(body, subtype)
            elif subtype in SIZES:
                body = turned(body, SIZES[subtype])
            out += turned(part[:16], 4) + body
        else:
            row = 8 * len(widths)
            for at in range(0, len(part), 8):
                element = part[at:at + 8]
                out += element[::-1] if widths[at % row // 8] == 0 else element
    return out


def long_texts(body, subtype):
    out = b""
    at = 0

    def number():
        nonlocal out, at
        value, = struct.unpack_from("<i", body, at)
        out += body[at:at + 4][::-1]
        at += 4
        return value

    def text(size):
        nonlocal out, at
        out += body[at:at + size]
        at += size

    while at < len(body):
        text(number())
        if subtype == 22:
            count = body[at]
            text(1)
            size = number()
            for _ in range(count):
                text(size)
        else:
            number()
            for _ in range(number()):
                text(number())
                text(number())
    return out


def windows_1252(data):
    """The same in windows-1252, with the texts as long as before."""
    out = b""
    for kind, part in records(data):
        if kind == 7 and part[4] == 20:
            part = struct.pack("<iiii", 7, 20, 1, 12) + b"windows-1252"
        elif kind == 7 and part[4] == 3:
            part = part[:16 + 28] + struct.pack("<i", 1252)
        elif kind != 7:
            for letter in ("ë", "“", "”", "ü"):
                old = letter.encode()
                part = part.replace(old, letter.encode("windows-1252") + b"~" * (len(old) - 1))
        out += part
    return out


def uncounted(data):
    header = list(struct.unpack_from(HEADER, data))
    header[6] = -1
    out = struct.pack(HEADER, *header)
    for kind, part in records(data):
        if kind != "header" and not (kind == 7 and part[4] == 16):
            out += part
    return out


with open("pspp_plain.sav", "rb") as file:
    plain = file.read()
with open("pspp.sav", "rb") as file:
    packed = file.read()
for name, data in (("big_endian", big_endian(plain)), ("windows_1252", windows_1252(plain)),
                   ("uncounted", uncounted(packed))):
    with open(name + ".sav", "wb") as file:
        file.write(data)
