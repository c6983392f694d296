package import Contract
import Kernel
import Platform
package import RPC

/// The verbs that change a case. Each finds the stored case in the caller's scope, makes a command of the request, and
/// leaves the decision to the rules.
extension CaseService {
    package func acceptCase(
        _ request: GrassrootsWorkV1.AcceptCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.accept") { _, _ in
            .accept(category: request.category, note: request.note)
        }
    }

    package func declineCase(
        _ request: GrassrootsWorkV1.DeclineCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.decline") { _, _ in
            .decline(reason: request.reason, responsibleBody: request.responsibleBody)
        }
    }

    package func mergeCase(
        _ request: GrassrootsWorkV1.MergeCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.merge") {
            record, unit in
            let number: String = try CaseLimits.number(request.mainCase, field: "main_case")
            guard number != record.number else { throw CaseTexts.mainIsSelf }
            let scope: CaseScope = CaseScope(of: unit.principal)
            guard let main = try CaseStore.find(number, in: scope, unit.connection) else {
                throw CaseTexts.mainNotFound(number)
            }
            return .merge(main: CaseMain(number: main.number, state: main.state, mainCase: main.mainCase))
        }
    }

    package func unmergeCase(
        _ request: GrassrootsWorkV1.UnmergeCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.unmerge") { _, _ in
            .unmerge(reason: request.reason)
        }
    }

    package func forwardCase(
        _ request: GrassrootsWorkV1.ForwardCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.forward") { _, _ in
            .forward
        }
    }

    package func dispatchCase(
        _ request: GrassrootsWorkV1.DispatchCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.dispatch") {
            record, unit in
            let (body, path): (CaseBody, String) = try CaseBodies.assignee(
                request.assignee, for: record.place.path, scope: unit.principal.scope(),
                on: unit.now.shanghaiDate, unit.connection)
            return .dispatch(assignee: body, path: path, note: request.note)
        }
    }

    package func receiveCase(
        _ request: GrassrootsWorkV1.ReceiveCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.receive") { _, _ in
            .receive
        }
    }

    package func returnCase(
        _ request: GrassrootsWorkV1.ReturnCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.return") {
            record, unit in
            let code: String = try OrganizationName.code(request.proposedBody, field: "proposed_body")
            guard code != record.assignee?.code else { throw CaseTexts.proposedIsSelf }
            let body = try Organizations.get(unit.connection, code)
            return .returnBack(
                reason: request.reason,
                proposed: CaseBody(code: code, text: try CaseBodies.text(of: body, unit.connection)))
        }
    }

    package func reviewReturn(
        _ request: GrassrootsWorkV1.ReviewReturnRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.review_return") {
            _, _ in
            .reviewReturn(approved: request.approved, reason: request.reason)
        }
    }

    package func handleCase(
        _ request: GrassrootsWorkV1.HandleCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.handle") { _, _ in
            .handle(result: request.result, photos: request.photos)
        }
    }

    package func suspendCase(
        _ request: GrassrootsWorkV1.SuspendCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.suspend") { _, _ in
            .suspend(
                reason: request.reason, evidence: request.evidence,
                resumeBy: try request.resumeBy?.instant(field: "resume_by"))
        }
    }

    package func resumeCase(
        _ request: GrassrootsWorkV1.ResumeCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.resume") { _, _ in
            .resume(note: request.note)
        }
    }

    package func requestExtension(
        _ request: GrassrootsWorkV1.RequestExtensionRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(
            call, request, request.name, request.etag, request.requestID, "case.request_extension"
        ) { _, _ in
            .requestExtension(reason: request.reason, more: CaseWire.limit(request.`extension`))
        }
    }

    package func reviewExtension(
        _ request: GrassrootsWorkV1.ReviewExtensionRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(
            call, request, request.name, request.etag, request.requestID, "case.review_extension"
        ) { _, _ in
            .reviewExtension(approved: request.approved, reason: request.reason)
        }
    }

    package func verifyCase(
        _ request: GrassrootsWorkV1.VerifyCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.verify") { _, _ in
            .verify(
                passed: request.passed, note: request.note, photos: request.photos,
                reportConfirmed: request.reportConfirmed)
        }
    }

    package func archiveCase(
        _ request: GrassrootsWorkV1.ArchiveCaseRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(call, request, request.name, request.etag, request.requestID, "case.archive") { _, _ in
            .archive(note: request.note)
        }
    }

    package func appealCaseRating(
        _ request: GrassrootsWorkV1.AppealCaseRatingRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(
            call, request, request.name, request.etag, request.requestID, "case.appeal_rating"
        ) { _, _ in
            .appealRating(reason: request.reason, evidence: request.evidence)
        }
    }

    package func reviewCaseRatingAppeal(
        _ request: GrassrootsWorkV1.ReviewCaseRatingAppealRequest, _ call: ServerCall
    ) async throws -> GrassrootsWorkV1.Case {
        try await act(
            call, request, request.name, request.etag, request.requestID, "case.review_appeal"
        ) { _, _ in
            .reviewAppeal(upheld: request.upheld, reason: request.reason)
        }
    }

    private func act<Q: Message>(
        _ call: ServerCall, _ request: Q, _ name: String, _ etag: String, _ requestID: String,
        _ action: String,
        _ command: @escaping @Sendable (CaseRecord, UnitOfWork) throws -> CaseCommand
    ) async throws -> GrassrootsWorkV1.Case {
        let number: String = try CaseLimits.number(name)
        return try await platform.perform(call, request, requestID: requestID, action: action) { unit in
            let record: CaseRecord = try cases.require(number, unit.reading)
            try Etag.check(etag, version: record.version)
            let changed: CaseRecord = try cases.apply(command(record, unit), to: record, unit)
            return try message(changed, unit.reading)
        }
    }
}
