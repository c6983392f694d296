package import Kernel

/// What a conversation needs of the world: somebody who answers its requests. Client has the one that asks the server.
package protocol Desk: Sendable {
    /// Answers one request, in `language`.
    func answer(_ request: Request, in language: Language) async throws(Failure) -> Response

    /// Calls `changed` with the report as it is, and again at each change, until cancelled. Reconnects by itself.
    func follow(
        report number: String, in language: Language, changed: @escaping @Sendable (ReportView) async -> Void)
        async

    /// The same for an application, `applications/{number}`.
    func follow(
        application name: String, in language: Language,
        changed: @escaping @Sendable (ApplicationView) async -> Void
    ) async

    /// Returns once the server can be reached again.
    func waitUntilReachable() async
}
