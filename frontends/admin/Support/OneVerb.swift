import Contract
import RPC

extension ConsoleOptions {
    /// Runs one verb: shows the request with `--dry-run`, else sends it and shows what became of it.
    func send<Request: Message & Sendable, Answer: Sendable>(
        _ request: Request, show: @escaping @Sendable (Answer, Console) -> Void,
        _ verb: @escaping @Sendable (Console, Request, CallOptions) async throws -> Answer
    ) async throws {
        try await withConsole { console in
            guard try console.confirmSending(request) else { return }
            show(try await verb(console, request, console.call), console)
        }
    }
}
