import CTurboJPEG
import Kernel

/// A photo as it is kept: upright, at most so large, and without any metadata, because it was decoded and encoded again.
/// Place, time and camera that phones write into pictures never reach the store.
struct Photo: Sendable, Equatable {
    let jpeg: [UInt8]
    let width: Int
    let height: Int

    /// The longer side of what is kept, in pixels: enough to read a house number.
    static let longerSideMax: Int = 1_920
    /// Pixels that are decoded, at the most: a small file can claim to be a picture that fills the memory.
    static let pixelsMax: Int = 50_000_000
    /// Quality of the encoding, 1 to 100.
    static let quality: Int32 = 82

    /// Decodes, turns upright, scales and encodes again. Refuses what is not a JPEG or is too large.
    init(cleaning bytes: [UInt8]) throws(Refusal) {
        let decoded: Pixels = try Pixels(jpeg: bytes)
        let upright: Pixels = decoded.turned(by: Orientation(ofJPEG: bytes))
        jpeg = try upright.encoded(quality: Photo.quality)
        width = upright.width
        height = upright.height
    }
}

/// How a camera was held, as Exif says it (tag 0x0112, 1 to 8).
enum Orientation: Int {
    case upright = 1
    case mirrored, upsideDown, mirroredUpsideDown, mirroredLeft, turnedLeft, mirroredRight, turnedRight

    /// Read from the Exif block; `upright` where there is none or it makes no sense.
    init(ofJPEG bytes: [UInt8]) {
        self = Orientation.value(in: bytes).flatMap(Orientation.init(rawValue:)) ?? .upright
    }

    private static func value(in bytes: [UInt8]) -> Int? {
        var position: Int = 2
        // Segments follow each other: FF, marker, length (with itself), content. APP1 with "Exif\0\0" holds a TIFF.
        while position + 4 <= bytes.count, bytes[position] == 0xFF, bytes[position + 1] != 0xDA {
            let length: Int = Int(bytes[position + 2]) << 8 | Int(bytes[position + 3])
            let end: Int = position + 2 + length
            guard length >= 2, end <= bytes.count else { return nil }
            let content: ArraySlice<UInt8> = bytes[(position + 4)..<end]
            if bytes[position + 1] == 0xE1, content.starts(with: [0x45, 0x78, 0x69, 0x66, 0, 0]) {
                return tag(in: Array(content.dropFirst(6)))
            }
            position = end
        }
        return nil
    }

    private static func tag(in tiff: [UInt8]) -> Int? {
        guard tiff.count >= 8 else { return nil }
        let little: Bool = tiff[0] == 0x49
        func number(_ at: Int, _ size: Int) -> Int? {
            guard at >= 0, at + size <= tiff.count else { return nil }
            let bytes: ArraySlice<UInt8> = tiff[at..<(at + size)]
            return (little ? Array(bytes.reversed()) : Array(bytes)).reduce(0) { $0 << 8 | Int($1) }
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<min(count, 64) {
            let at: Int = directory + 2 + entry * 12
            if number(at, 2) == 0x0112 { return number(at + 8, 2) }
        }
        return nil
    }
}

/// A decoded picture: rows of red, green and blue.
struct Pixels {
    let width: Int
    let height: Int
    private(set) var bytes: [UInt8]

    private static let format: Int32 = Int32(TJPF_RGB.rawValue)

    private init(width: Int, height: Int, bytes: [UInt8]) {
        self.width = width
        self.height = height
        self.bytes = bytes
    }

    init(jpeg: [UInt8]) throws(Refusal) {
        guard let handle: tjhandle = tjInitDecompress() else { throw PhotoTexts.unreadable }
        defer { tjDestroy(handle) }
        var width: Int32 = 0
        var height: Int32 = 0
        var sampling: Int32 = 0
        var space: Int32 = 0
        guard
            tjDecompressHeader3(handle, jpeg, UInt(jpeg.count), &width, &height, &sampling, &space) == 0,
            width > 0, height > 0
        else { throw PhotoTexts.unreadable }
        guard Int(width) * Int(height) <= Photo.pixelsMax else { throw PhotoTexts.tooManyPixels }
        // The decoder scales by eighths for nothing; the largest that fits is kept.
        let longer: Int = Int(max(width, height))
        let eighths: Int = (1...8).last { (longer * $0 + 7) / 8 <= Photo.longerSideMax } ?? 1
        let scaledWidth: Int = (Int(width) * eighths + 7) / 8
        let scaledHeight: Int = (Int(height) * eighths + 7) / 8
        var pixels: [UInt8] = [UInt8](repeating: 0, count: scaledWidth * scaledHeight * 3)
        let done: Int32 = tjDecompress2(
            handle, jpeg, UInt(jpeg.count), &pixels, Int32(scaledWidth), 0, Int32(scaledHeight),
            Pixels.format,
            TJFLAG_LIMITSCANS)
        // A warning means a damaged tail, which phones on bad lines send; what could be decoded is kept.
        guard done == 0 || tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) else {
            throw PhotoTexts.unreadable
        }
        self.init(width: scaledWidth, height: scaledHeight, bytes: pixels)
    }

    /// The picture as it looks when the camera's position is undone.
    func turned(by orientation: Orientation) -> Pixels {
        if orientation == .upright { return self }
        let swapped: Bool = orientation.rawValue >= 5
        let newWidth: Int = swapped ? height : width
        let newHeight: Int = swapped ? width : height
        var turned: [UInt8] = [UInt8](repeating: 0, count: bytes.count)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let (fromX, fromY): (Int, Int) =
                    switch orientation {
                    case .upright: (x, y)
                    case .mirrored: (width - 1 - x, y)
                    case .upsideDown: (width - 1 - x, height - 1 - y)
                    case .mirroredUpsideDown: (x, height - 1 - y)
                    case .mirroredLeft: (y, x)
                    case .turnedLeft: (y, height - 1 - x)
                    case .mirroredRight: (width - 1 - y, height - 1 - x)
                    case .turnedRight: (width - 1 - y, x)
                    }
                let source: Int = (fromY * width + fromX) * 3
                let target: Int = (y * newWidth + x) * 3
                turned[target] = bytes[source]
                turned[target + 1] = bytes[source + 1]
                turned[target + 2] = bytes[source + 2]
            }
        }
        return Pixels(width: newWidth, height: newHeight, bytes: turned)
    }

    func encoded(quality: Int32) throws(Refusal) -> [UInt8] {
        guard let handle: tjhandle = tjInitCompress() else { throw .internalError(reason: "JPEG_ENCODER") }
        defer { tjDestroy(handle) }
        var output: UnsafeMutablePointer<UInt8>?
        var size: UInt = 0
        let done: Int32 = tjCompress2(
            handle, bytes, Int32(width), 0, Int32(height), Pixels.format, &output, &size,
            Int32(TJSAMP_420.rawValue),
            quality, 0)
        defer { tjFree(output) }
        guard done == 0, let output else { throw .internalError(reason: "JPEG_ENCODER") }
        return Array(UnsafeBufferPointer(start: output, count: Int(size)))
    }
}

/// What people read about photos.
enum PhotoTexts {
    static let unreadable: Refusal = .invalid(
        field: "chunk", reason: "PHOTO_UNREADABLE", zh: "这张照片打不开，请换一张 JPG 照片再试。",
        en: "The photo cannot be read. Send another one, as JPEG.")
    static let tooManyPixels: Refusal = .invalid(
        field: "chunk", reason: "PHOTO_TOO_LARGE", zh: "这张照片尺寸太大（超过 5000 万像素），请缩小后再试。",
        en: "The photo has more than 50 million pixels. Make it smaller.")
}
