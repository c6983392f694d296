package import Kernel

/// State of a printer or another part of a kiosk; the numbers are those of the contract.
package enum KioskPart: Int, Sendable, Hashable {
    /// Not there.
    case absent = 0
    case ok = 1
    /// Runs low, as paper does.
    case low = 2
    case empty = 3
    case failed = 4

    /// Somebody has to come: for what runs low, before it is empty.
    var needsAttention: Bool { self == .low || self == .empty || self == .failed }
}

/// How the parts of a kiosk are, as it last said.
package struct KioskParts: Sendable, Hashable {
    package var receiptPrinter: KioskPart = .absent
    package var paper: KioskPart = .absent
    package var documentPrinter: KioskPart = .absent
    package var cardReader: KioskPart = .absent

    package init() {}

    var needsAttention: Bool {
        [receiptPrinter, paper, documentPrinter, cardReader].contains { $0.needsAttention }
    }
}

/// A kiosk as it is stored.
package struct KioskRecord: Sendable, Equatable {
    /// Id of the device's certificate.
    package let id: String
    package var displayName: String
    package var placeCode: String
    package var placePath: String
    /// Hall that it belongs to; empty if it stands alone.
    package var hall: String
    package var programVersion: String = ""
    package var lastHeartbeat: Instant?
    package var parts: KioskParts = KioskParts()
    /// Why it is locked; nil while it is not.
    package var lockReason: String?
    package var version: Int64 = 1

    /// A kiosk that was not heard of yet.
    package init(id: String, displayName: String, placeCode: String, placePath: String, hall: String) {
        self.id = id
        self.displayName = displayName
        self.placeCode = placeCode
        self.placePath = placePath
        self.hall = hall
    }

    package var name: String { "kiosks/\(id)" }

    /// Whether it was heard of lately.
    package func isOnline(at now: Instant) -> Bool {
        lastHeartbeat.map { now.milliseconds(since: $0) < KioskLimits.silenceSeconds * 1_000 } ?? false
    }

    /// Off line, locked, or with a part that does not work or runs low: somebody has to look.
    package func needsAttention(at now: Instant) -> Bool {
        !isOnline(at: now) || lockReason != nil || parts.needsAttention
    }
}

/// The numbers that bound kiosks.
package enum KioskLimits {
    /// Seconds between two heartbeats.
    package static let heartbeatSeconds: Int64 = 60
    /// Seconds of silence after which a kiosk counts as off line.
    package static let silenceSeconds: Int64 = 300
    /// Seconds that a QR code for signing in is good for.
    package static let qrSeconds: Int64 = 120
    /// QR codes of one kiosk that wait at the same time; the oldest goes when another comes.
    package static let qrPerKiosk: Int = 3
    static let nameRule: TextRule = TextRule(1...60)
    static let reasonRule: TextRule = TextRule(2...100)
    static let versionRule: TextRule = TextRule(0...40)
    static let idLength: ClosedRange<Int> = 3...40
    static let hallLength: Int = 60
}

/// The code that a kiosk shows beside its QR code: seven digits and a check digit, so that it can be typed as well, and a
/// slip of the finger finds nobody else's kiosk.
struct KioskCode: Sendable, Equatable {
    static let digits: Int = 8
    let text: String

    /// A new one; each is equally likely.
    init(random: some RandomSource) {
        let head: String = ASCII.padded(random.integer(in: 0..<10_000_000), KioskCode.digits - 1)
        text = head + String(Damm.checkDigit(of: KioskCode.values(head)))
    }

    /// What somebody typed; spaces, hyphens and full-width digits are forgiven.
    init(parsing input: String) throws(Refusal) {
        let digits: String = ASCII.narrowed(input).filter { !$0.isWhitespace && $0 != "-" }
        guard digits.utf8.count == KioskCode.digits, digits.utf8.allSatisfy({ ASCII.digitValue($0) != nil }),
            Damm.isValid(KioskCode.values(digits))
        else { throw KioskTexts.codeWrong }
        text = digits
    }

    private static func values(_ digits: String) -> [Int] { digits.utf8.compactMap { ASCII.digitValue($0) } }
}
