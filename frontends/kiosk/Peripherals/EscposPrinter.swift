internal import Contract
internal import Foundation
internal import Paper

/// A receipt printer that takes ESC/POS: a device such as `/dev/usb/lp0`, which is asked how it is, or a file, which is
/// written at its end.
struct EscposPrinter: ReceiptPrinter {
    let path: String
    /// 48 for 80 mm paper, 32 for 58 mm.
    let columns: Int

    /// How long a device may take to answer or to take what is written.
    private static let patienceMilliseconds: Int32 = 1_000

    /// In the answer to `DLE EOT 1`.
    private static let offlineBit: UInt8 = 0x08

    func state() async -> PlatformV1.PartState {
        do {
            return try withDevice { device, isDevice in
                guard isDevice else { return .ok }
                guard let offline = Self.ask(device, 1) else { return .failed }
                return offline & Self.offlineBit == 0 ? .ok : .failed
            }
        } catch { return .failed }
    }

    func paper() async -> PlatformV1.PartState {
        do {
            return try withDevice { device, isDevice in
                guard isDevice else { return .ok }
                guard let sensors = Self.ask(device, 4) else { return .unspecified }
                if sensors & 0x60 != 0 { return .empty }
                return sensors & 0x0C != 0 ? .low : .ok
            }
        } catch { return .unspecified }
    }

    func print(_ receipt: Receipt) async -> PrintOutcome {
        if await paper() == .empty { return .noPaper }
        do {
            let bytes: [UInt8] = try receipt.escpos(columns: columns)
            return try withDevice { device, isDevice in
                // The line takes bytes even when nobody prints them. A printer that never answers may print all the same.
                if isDevice, let status = Self.ask(device, 1), status & Self.offlineBit != 0 {
                    return .failed
                }
                return Self.write(bytes, to: device) ? .done : .failed
            }
        } catch { return .failed }
    }

    private struct NotThere: Error {}

    /// Opened anew each time: a printer may be unplugged and plugged in again.
    private func withDevice<Result>(_ body: (Int32, Bool) throws -> Result) throws -> Result {
        var status = stat()
        let isThere: Bool = stat(path, &status) == 0
        let isDevice: Bool = isThere && status.st_mode & S_IFMT == S_IFCHR
        let flags: Int32 =
            isDevice ? O_RDWR | O_NONBLOCK | O_NOCTTY : O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW
        let device: Int32 = open(path, flags | O_CLOEXEC, 0o600)
        guard device >= 0 else { throw NotThere() }
        defer { close(device) }
        return try body(device, isDevice)
    }

    /// `DLE EOT n`: status in real time. Nil if there is no answer.
    private static func ask(_ device: Int32, _ number: UInt8) -> UInt8? {
        guard write([0x10, 0x04, number], to: device) else { return nil }
        var waiting = pollfd(fd: device, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, patienceMilliseconds) == 1 else { return nil }
        var byte: UInt8 = 0
        guard read(device, &byte, 1) == 1 else { return nil }
        // Bits 1 and 4 are always set, 0 and 7 never: anything else is no answer to this question.
        return byte & 0x93 == 0x12 ? byte : nil
    }

    private static func write(_ bytes: [UInt8], to device: Int32) -> Bool {
        var sent: Int = 0
        while sent < bytes.count {
            let count: Int = bytes.withUnsafeBytes { buffer in
                Foundation.write(device, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            if count > 0 {
                sent += count
                continue
            }
            guard count < 0, errno == EAGAIN || errno == EINTR else { return false }
            var waiting = pollfd(fd: device, events: Int16(POLLOUT), revents: 0)
            guard poll(&waiting, 1, patienceMilliseconds) == 1 else { return false }
        }
        return true
    }
}
