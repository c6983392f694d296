internal import Glibc
internal import Kernel
internal import Logging
internal import Platform

/// Writes one JSON object a line to standard error. Runs of digits that may be phone or ID numbers are masked, and values
/// under names that speak of secrets or people are left out.
struct JSONLogHandler: LogHandler {
    let label: String
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    /// Metadata that is never written.
    static let hiddenKeys: Set<String> = [
        "authorization", "token", "password", "code", "totp", "secret", "phone", "fullName", "idNumber",
        "address",
    ]

    init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line: String = JSONLogHandler.line(
            label: label, level: event.level, message: "\(event.message)",
            metadata: metadata.merging(event.metadata ?? [:]) { _, new in new }, time: SystemClock().now())
        // One write a line, so that lines of several threads do not mix.
        _ = Array(line.utf8).withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    static func line(
        label: String, level: Logger.Level, message: String, metadata: Logger.Metadata, time: Instant
    ) -> String {
        var fields: [String] = [
            "\"time\":\(CanonicalJSON.string(time.rfc3339))",
            "\"level\":\(CanonicalJSON.string(level.rawValue))",
            "\"logger\":\(CanonicalJSON.string(label))",
            "\"message\":\(CanonicalJSON.string(Masking.numbers(in: message)))",
        ]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            let text: String = hiddenKeys.contains(key) ? "***" : Masking.numbers(in: "\(value)")
            fields.append("\(CanonicalJSON.string(key)):\(CanonicalJSON.string(text))")
        }
        return "{" + fields.joined(separator: ",") + "}\n"
    }
}
