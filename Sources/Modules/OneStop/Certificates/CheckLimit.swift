import Kernel
import Synchronization

/// How many checks an address makes: whoever has no account has no other name. Bounded: past `addressesMax` the oldest
/// minute is forgotten whole.
final class CheckLimit: Sendable {
    private struct Window {
        var start: Instant
        var count: Int
    }
    private let windows: Mutex<[String: Window]> = Mutex([:])

    static let windowSeconds: Int64 = 60
    static let addressesMax: Int = 10_000

    /// Counts one check.
    ///
    /// - Throws: RESOURCE_EXHAUSTED (`TOO_MANY_CHECKS`).
    func count(_ address: String, at now: Instant) throws(Refusal) {
        let host: String = CheckLimit.host(address)
        let wait: Int64 = windows.withLock { windows in
            if windows.count >= CheckLimit.addressesMax, windows[host] == nil {
                let end: Instant = now.adding(seconds: -CheckLimit.windowSeconds)
                windows = windows.filter { $0.value.start > end }
                if windows.count >= CheckLimit.addressesMax { windows = [:] }
            }
            var window: Window = windows[host] ?? Window(start: now, count: 0)
            if now.milliseconds(since: window.start) >= CheckLimit.windowSeconds * 1_000 {
                window = Window(start: now, count: 0)
            }
            window.count += 1
            windows[host] = window
            guard window.count > CertificateRules.checksPerMinute else { return 0 }
            return CheckLimit.windowSeconds - now.milliseconds(since: window.start) / 1_000
        }
        if wait > 0 { throw CertificateTexts.tooManyChecks(seconds: Int(wait)) }
    }

    /// The address without its port: each connection has another one.
    private static func host(_ address: String) -> String {
        guard let colon = address.lastIndex(of: ":"),
            address[address.index(after: colon)...].allSatisfy(\.isNumber)
        else { return address }
        return String(address[..<colon])
    }
}
