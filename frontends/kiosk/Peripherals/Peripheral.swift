internal import Contract
internal import Paper

/// A part of the kiosk that can fail by itself. Each has a simulator, so that the kiosk runs on any machine.
protocol Peripheral: Sendable {
    /// How it is now; asked before each heartbeat.
    func state() async -> PlatformV1.PartState
}

/// Reads ID cards.
protocol CardReader: Peripheral {
    /// What happens on the reader, in order. Read by one reader.
    var events: AsyncStream<CardEvent> { get }
    /// Ends the reader's process.
    func close()
}

/// Prints strips of paper.
protocol ReceiptPrinter: Peripheral {
    /// How much paper there is.
    func paper() async -> PlatformV1.PartState
    func print(_ receipt: Receipt) async -> PrintOutcome
}

/// Prints whole pages.
protocol DocumentPrinter: Peripheral {
    /// - Parameters:
    ///   - pdf: a PDF file.
    ///   - id: fresh; names the file where there is one.
    func print(pdf: [UInt8], id: String) async -> PrintOutcome
}

/// Stands where a kiosk has no such part.
struct NoPart: CardReader, ReceiptPrinter, DocumentPrinter {
    let events: AsyncStream<CardEvent> = AsyncStream { $0.finish() }

    func close() {}
    func state() async -> PlatformV1.PartState { .unspecified }
    func paper() async -> PlatformV1.PartState { .unspecified }
    func print(_ receipt: Receipt) async -> PrintOutcome { .failed }
    func print(pdf: [UInt8], id: String) async -> PrintOutcome { .failed }
}
