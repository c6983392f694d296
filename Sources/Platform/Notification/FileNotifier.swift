internal import Glibc
package import Kernel
internal import Synchronization

/// Appends texts to a file instead of sending them: one JSON object a line with `time`, `phone` and `text`. The sink of
/// development and demonstration, where nobody has a phone.
package final class FileNotifier: Notifier {
    private let descriptor: Mutex<Int32>
    private let clock: any Clock

    /// Opens or makes the file; only its owner can read it, for it holds one-time codes.
    ///
    /// - Throws: `FileNotifierError` if it cannot be opened.
    package init(path: String, clock: any Clock) throws {
        let descriptor: Int32 = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw FileNotifierError(path: path, reason: String(cString: strerror(errno)))
        }
        self.descriptor = Mutex(descriptor)
        self.clock = clock
    }

    deinit { descriptor.withLock { _ = close($0) } }

    package func send(_ text: PhoneText) async throws {
        let line: String =
            CanonicalJSON.object(["time": clock.now().rfc3339, "phone": text.phone, "text": text.text]) + "\n"
        let written: Int = descriptor.withLock { descriptor in
            Array(line.utf8).withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }
        guard written == line.utf8.count else {
            throw FileNotifierError(path: "", reason: String(cString: strerror(errno)))
        }
    }
}

/// The file of a `FileNotifier` could not be opened or written.
package struct FileNotifierError: Error, CustomStringConvertible {
    let path: String
    let reason: String
    package var description: String { "\(path): \(reason)" }
}
