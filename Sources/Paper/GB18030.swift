internal import Glibc

/// Chinese text as receipt printers want it (GB 18030-2022, which has a code for each Unicode character).
package enum GB18030 {
    /// The bytes of `text`. Unpaired surrogates cannot occur in a Swift string, so each character has a code.
    package static func encode(_ text: String) throws(PaperError) -> [UInt8] {
        // iconv_open answers (iconv_t)-1 if it does not know one of the two.
        guard let converter = iconv_open("GB18030", "UTF-8"), Int(bitPattern: converter) != -1 else {
            throw .noGB18030
        }
        defer { iconv_close(converter) }
        var input: [CChar] = text.utf8.map { CChar(bitPattern: $0) }
        // A character takes at most 4 bytes there, and at least one here.
        var output: [CChar] = Array(repeating: 0, count: 4 * input.count + 4)
        let capacity: Int = output.count
        var left: Int = input.count
        var free: Int = capacity
        let result: Int = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from: UnsafeMutablePointer<CChar>? = source.baseAddress
                var to: UnsafeMutablePointer<CChar>? = target.baseAddress
                return Int(bitPattern: UInt(iconv(converter, &from, &left, &to, &free)))
            }
        }
        guard result == 0, left == 0 else { throw .noGB18030 }
        return output.prefix(capacity - free).map { UInt8(bitPattern: $0) }
    }
}
