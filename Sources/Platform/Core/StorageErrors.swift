internal import Kernel
internal import Storage

/// Runs `body` and turns what the store refuses into what callers understand. Bugs stay what they are: the RPC layer
/// answers INTERNAL and logs them.
func translatingStorageErrors<T>(_ body: () async throws -> T) async throws -> T {
    do {
        return try await body()
    } catch let error as StorageError {
        switch error {
        case .overloaded(let seconds):
            throw Refusal.exhausted(
                retryAfterSeconds: seconds, reason: "STORE_BUSY", zh: "系统繁忙，请稍后再试。",
                en: "The system is busy. Try again later.")
        case .readTooLong(let seconds):
            throw Refusal(
                kind: .deadlineExceeded, reason: "READ_TOO_LONG", zh: "查询超过\(seconds)秒，请缩小范围后再试。",
                en: "The search took longer than \(seconds) seconds. Narrow it and try again.",
                metadata: ["seconds": "\(seconds)"])
        case .failed, .closed, .groupUndone, .diskFull: throw Refusal.unavailable(reason: "STORE_UNAVAILABLE")
        case .constraint, .inUse, .migration, .backup, .engine: throw error
        }
    }
}
