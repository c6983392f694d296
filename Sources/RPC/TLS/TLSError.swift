internal import COpenSSL

/// Why TLS cannot be set up or has failed on a connection.
package struct TLSError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried and what OpenSSL says about it, in English.
    package let reason: String

    package init(reason: String) { self.reason = reason }

    package var description: String { reason }

    /// Takes what stands in this thread's OpenSSL error queue, and empties the queue.
    static func fromQueue(_ doing: String) -> TLSError {
        var texts: [String] = []
        while true {
            let code: UInt = ERR_get_error()
            if code == 0 { break }
            if let text = ERR_reason_error_string(code) { texts.append(String(cString: text)) }
        }
        return TLSError(reason: texts.isEmpty ? doing : "\(doing): \(texts.joined(separator: ", "))")
    }
}
