import CZlib
import Kernel

/// A PDF that was looked through before it is kept. It is kept as it came: what it says is what was handed in, and a
/// signature in it goes on holding.
///
/// Refused is what is no PDF from its first byte to its end, what cannot be looked into, and what acts by itself when
/// somebody opens it (ISO 32000-1, 12.6.4.16 JavaScript, 12.6.4.5 Launch, 12.7.8 XFA; rich media of extension level 3).
/// Such things have names, and a name is looked for in all bytes and in all that is packed, however it is spelled
/// (7.3.5: `#4A` is `J`). Where a program finds objects is up to the file, so that no part of it can be left out.
struct PortableDocument: Sendable, Equatable {
    let bytes: [UInt8]

    /// Where the end of a file has to stand, in bytes before its end: some programs add lines after it.
    static let trailerBytes: Int = 1_024
    /// Bytes of one packed stream that are looked at; a stream of objects must not have more.
    static let streamBytesMax: Int = 2 * 1_024 * 1_024
    /// Bytes that all streams together may have unpacked: a small file can claim to hold the world.
    static let unpackedBytesMax: Int = 64 * 1_024 * 1_024
    /// Bytes before `stream` in which its dictionary begins.
    private static let dictionaryBytes: Int = 65_536

    private static let acting: [[UInt8]] = ["JavaScript", "Launch", "RichMedia", "XFA"].map { Array($0.utf8) }
    /// Packing that is not undone here.
    private static let otherPacking: [[UInt8]] =
        ["LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode", "Predictor", "Crypt"].map {
            Array($0.utf8)
        }

    /// - Throws: INVALID_ARGUMENT that says what to do instead.
    init(checking bytes: [UInt8]) throws(Refusal) {
        guard bytes.starts(with: "%PDF-".utf8), bytes.count > 8, ASCII.digitValue(bytes[5]) != nil else {
            throw PortableDocumentTexts.noPDF
        }
        let tail: ArraySlice<UInt8> = bytes.suffix(PortableDocument.trailerBytes)
        guard let end = tail.lastIndex(of: "%%EOF"),
            bytes[..<end].suffix(PortableDocument.trailerBytes).lastIndex(of: "startxref") != nil
        else { throw PortableDocumentTexts.cutOff }
        guard !PDFNames.contain(bytes[...], anyOf: [Array("Encrypt".utf8)]) else {
            throw PortableDocumentTexts.encrypted
        }
        guard !PDFNames.contain(bytes[...], anyOf: PortableDocument.acting) else {
            throw PortableDocumentTexts.acts
        }
        try PortableDocument.checkStreams(bytes)
        self.bytes = bytes
    }

    private static func checkStreams(_ bytes: [UInt8]) throws(Refusal) {
        let word: [UInt8] = Array("stream".utf8)
        var budget: Int = unpackedBytesMax
        var position: Int = 0
        while let at = bytes[position...].firstIndex(of: word) {
            position = at + word.count
            // `endstream` is no beginning.
            if at >= 3, bytes[(at - 3)..<at].elementsEqual("end".utf8) { continue }
            var start: Int = position
            if start < bytes.count, bytes[start] == 0x0D { start += 1 }
            if start < bytes.count, bytes[start] == 0x0A { start += 1 }
            let window: ArraySlice<UInt8> = bytes[max(0, at - dictionaryBytes)..<at]
            let dictionary: ArraySlice<UInt8> = window.lastIndex(of: "obj").map { bytes[$0..<at] } ?? window
            try checkStream(bytes[start...], dictionary, &budget)
        }
    }

    /// - Parameter content: from its first byte to the end of the file; what is packed ends by itself.
    private static func checkStream(
        _ content: ArraySlice<UInt8>, _ dictionary: ArraySlice<UInt8>, _ budget: inout Int
    ) throws(Refusal) {
        // A stream of objects (7.5.7) says how many they are and where the first begins.
        let holdsObjects: Bool =
            PDFNames.contain(dictionary, anyOf: [Array("First".utf8)])
            && PDFNames.contain(dictionary, anyOf: [Array("N".utf8)])
        if holdsObjects, PDFNames.contain(dictionary, anyOf: otherPacking) {
            throw PortableDocumentTexts.unreadable
        }
        guard Inflation.isPacked(content) else {
            if holdsObjects, PDFNames.contain(dictionary, anyOf: [Array("FlateDecode".utf8)]) {
                throw PortableDocumentTexts.unreadable
            }
            return
        }
        let unpacked: Inflation = try Inflation(content, limit: streamBytesMax)
        budget -= unpacked.bytes.count
        guard budget >= 0 else { throw PortableDocumentTexts.tooMuch }
        // A damaged stream can still show something to a program that is not choosy.
        if holdsObjects, !unpacked.isComplete { throw PortableDocumentTexts.unreadable }
        guard !PDFNames.contain(unpacked.bytes[...], anyOf: acting) else { throw PortableDocumentTexts.acts }
    }
}

extension ArraySlice<UInt8> {
    /// Where the last `word` begins.
    fileprivate func lastIndex(of word: String) -> Int? {
        let word: [UInt8] = Array(word.utf8)
        var position: Int = endIndex - word.count
        while position >= startIndex {
            if self[position] == word[0], self[position..<(position + word.count)].elementsEqual(word) {
                return position
            }
            position -= 1
        }
        return nil
    }

    /// Where the first `word` begins.
    fileprivate func firstIndex(of word: [UInt8]) -> Int? {
        var position: Int = startIndex
        while position <= endIndex - word.count {
            if self[position] == word[0], self[position..<(position + word.count)].elementsEqual(word) {
                return position
            }
            position += 1
        }
        return nil
    }
}

/// What a zlib stream (RFC 1950) holds, up to a limit.
private struct Inflation {
    private(set) var bytes: [UInt8] = []
    /// False if it holds more, or is damaged.
    private(set) var isComplete: Bool = false

    private static let chunkBytes: Int = 65_536

    /// Whether the first two bytes are those of a zlib stream.
    static func isPacked(_ content: ArraySlice<UInt8>) -> Bool {
        guard content.count > 2 else { return false }
        let first: Int = Int(content[content.startIndex])
        let second: Int = Int(content[content.startIndex + 1])
        return first & 0x0F == 8 && (first << 8 | second).isMultiple(of: 31)
    }

    init(_ content: ArraySlice<UInt8>, limit: Int) throws(Refusal) {
        var stream: z_stream = z_stream()
        guard inflateInit_(&stream, zlibVersion(), Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .internalError(reason: "INFLATE")
        }
        defer { inflateEnd(&stream) }
        content.withUnsafeBufferPointer { input in
            stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.avail_in = UInt32(clamping: input.count)
            var result: Int32 = Z_OK
            while result == Z_OK, bytes.count < limit {
                let part: [UInt8] = [UInt8](unsafeUninitializedCapacity: Inflation.chunkBytes) {
                    target, count in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(Inflation.chunkBytes)
                    result = inflate(&stream, Z_NO_FLUSH)
                    count = Inflation.chunkBytes - Int(stream.avail_out)
                }
                bytes += part
                if part.isEmpty { break }
            }
            isComplete = result == Z_STREAM_END
        }
    }
}

/// Names (7.3.5) among other bytes, with their escapes undone.
private enum PDFNames {
    /// No name that is looked for is longer.
    private static let lengthMax: Int = 24

    static func contain(_ bytes: ArraySlice<UInt8>, anyOf wanted: [[UInt8]]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            let firsts: [UInt8] = wanted.map { $0[0] } + [UInt8(ascii: "#")]
            for position in bytes.indices.dropLast() where bytes[position] == UInt8(ascii: "/") {
                guard firsts.contains(bytes[position + 1]) else { continue }
                if let name = name(bytes, from: position + 1), wanted.contains(name) { return true }
            }
            return false
        }
    }

    private static func name(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> [UInt8]? {
        var name: [UInt8] = []
        var position: Int = start
        while position < bytes.count, name.count <= lengthMax {
            let byte: UInt8 = bytes[position]
            if isEnd(byte) { break }
            if byte == UInt8(ascii: "#"), position + 2 < bytes.count,
                let high = ASCII.hexValue(bytes[position + 1]), let low = ASCII.hexValue(bytes[position + 2])
            {
                name.append(high << 4 | low)
                position += 3
            } else {
                name.append(byte)
                position += 1
            }
        }
        return name.count > lengthMax ? nil : name
    }

    /// White space and delimiters (7.2.2).
    private static func isEnd(_ byte: UInt8) -> Bool {
        switch byte {
        case 0, 9, 10, 12, 13, 32: true
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "/"), UInt8(ascii: "%"):
            true
        default: false
        }
    }
}

/// What people read about PDF files.
enum PortableDocumentTexts {
    static let noPDF: Refusal = .invalid(
        field: "chunk", reason: "PDF_UNREADABLE", zh: "这不是PDF文件，可能只是改了名字。请重新导出为PDF，或直接拍照上传。",
        en: "This is no PDF, whatever its name says. Export it as PDF again, or send a photo.")
    static let cutOff: Refusal = .invalid(
        field: "chunk", reason: "PDF_CUT_OFF", zh: "这个PDF不完整，后面缺了一截。请重新下载或导出，再上传。",
        en: "The PDF ends too early. Download or export it again.")
    static let encrypted: Refusal = .invalid(
        field: "chunk", reason: "PDF_ENCRYPTED", zh: "这个PDF加了密码，窗口打不开。请去掉密码，或拍照上传。",
        en:
            "The PDF is encrypted and nobody at the counter could open it. Remove the password, or send a photo."
    )
    static let acts: Refusal = .invalid(
        field: "chunk", reason: "PDF_ACTIVE", zh: "这个PDF里带有脚本、启动动作或多媒体，为安全不能收。请“打印为PDF”另存一份，或拍照上传。",
        en:
            "The PDF holds scripts, launch actions or media, which are not taken. Print it to a new PDF, or send a photo."
    )
    static let unreadable: Refusal = .invalid(
        field: "chunk", reason: "PDF_DAMAGED", zh: "这个PDF有些内容看不清，不能确认安全。请“打印为PDF”另存一份，或拍照上传。",
        en: "Parts of the PDF cannot be looked into. Print it to a new PDF, or send a photo.")
    static let tooMuch: Refusal = .invalid(
        field: "chunk", reason: "PDF_TOO_LARGE", zh: "这个PDF展开后太大。请分成几份，或拍照上传。",
        en: "The PDF is too large when it is unpacked. Split it, or send photos.")
}
