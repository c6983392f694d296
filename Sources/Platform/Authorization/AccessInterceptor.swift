internal import Kernel
package import RPC

/// Who are you, and may you: finds out who calls, then asks the table. Runs before every handler.
package struct AccessInterceptor: ServerInterceptor {
    private let authenticator: Authenticator
    private let table: AccessTable
    private let refusals: RefusalAudit

    package init(authenticator: Authenticator, table: AccessTable, refusals: RefusalAudit) {
        self.authenticator = authenticator
        self.table = table
        self.refusals = refusals
    }

    package func begin(_ call: ServerCall) async throws {
        let isOpen: Bool = table.rule(for: call.method)?.admitsAnyone == true
        do {
            call.principal = try await authenticator.principal(of: call)
        } catch let refusal as Refusal where isOpen && refusal.kind == .unauthenticated {
            // Somebody whose session has ended must be able to sign in again with the old token still in the hand.
            call.principal = nil
        }
        do {
            try table.check(call.principal, call.method)
        } catch {
            if let principal = call.principal { refusals.note(principal, call, reason: error.reason) }
            throw error
        }
    }

    package func end(_ call: ServerCall, _ outcome: CallOutcome) {
        // What the handler refused for want of a right: the guard read the stored record.
        if outcome.code == .permissionDenied, let principal = call.principal {
            refusals.note(principal, call, reason: outcome.code.name)
        }
    }
}
