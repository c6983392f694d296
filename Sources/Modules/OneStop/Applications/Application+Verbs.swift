import Contract
import Kernel
import Platform
import RPC
import Storage

/// What departments and counters do.
extension ApplicationDesk {
    func acceptApplication(_ request: OneStopV1.AcceptApplicationRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        try await act(
            .accept(note: try clean(request.note, "note")), request, request.name, request.etag,
            request.requestID, "application.accept", call)
    }

    func requestSupplement(_ request: OneStopV1.RequestSupplementRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        guard (1...ApplicationRules.pointsMax).contains(request.points.count) else {
            throw ApplicationTexts.pointsMissing
        }
        let points: [String] = try request.points.enumerated().map { index, point in
            try ApplicationRules.pointRule.apply(point, field: "points[\(index)]")
        }
        let questions: [String] = request.questions
        return try await act(
            request, request.name, request.etag, request.requestID, "application.request_supplement", call
        ) { record, unit in
            try applications.requestSupplement(
                of: record, questions: questions, points: points, etag: request.etag, unit)
        }
    }

    func rejectApplication(_ request: OneStopV1.RejectApplicationRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        let command: ApplicationCommand = .reject(
            reason: try clean(request.reason, "reason"),
            responsibleBody: try clean(request.responsibleBody, "responsible_body"))
        return try await act(
            command, request, request.name, request.etag, request.requestID, "application.reject", call)
    }

    func startSpecialProcedure(_ request: OneStopV1.StartSpecialProcedureRequest, _ call: ServerCall)
        async throws -> OneStopV1.Application
    {
        guard let kind = ItemDefinition.SpecialProcedure.Kind(rawValue: Int(request.kind.rawValue)) else {
            throw ApplicationTexts.procedureKind
        }
        return try await act(
            .startSpecial(kind, note: try clean(request.note, "note")), request, request.name, request.etag,
            request.requestID, "application.start_special", call)
    }

    func endSpecialProcedure(_ request: OneStopV1.EndSpecialProcedureRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        try await act(
            .endSpecial(result: try clean(request.result, "result")), request, request.name, request.etag,
            request.requestID, "application.end_special", call)
    }

    func decideApplication(_ request: OneStopV1.DecideApplicationRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        try await act(
            .decide(granted: request.granted, reason: try clean(request.reason, "reason")), request,
            request.name, request.etag, request.requestID, "application.decide", call)
    }

    func deliverResult(_ request: OneStopV1.DeliverResultRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        try await act(
            .deliver(try clean(request.delivery, "delivery")), request, request.name, request.etag,
            request.requestID, "application.deliver", call)
    }

    func confirmFee(_ request: OneStopV1.ConfirmFeeRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        let voucher: String = try CheckedNumber(
            parsing: request.voucher, kind: ApplicationFee.number, field: "voucher"
        ).description
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "application.confirm_fee"
        ) { unit in
            guard let found = try ApplicationStore.find(voucher: voucher, unit.connection),
                try applications.actor(unit.principal, found, unit.reading).isHandler
            else { throw ApplicationTexts.voucherNotFound }
            return try applications.message(applications.confirmFee(found, unit), unit.reading)
        }
    }

    func revealAnswer(_ request: OneStopV1.RevealAnswerRequest, _ call: ServerCall) async throws
        -> OneStopV1.RevealAnswerResponse
    {
        let purpose: String = try ApplicationRules.purposeRule.apply(request.purpose, field: "purpose")
        // The look and its entry are one transaction: nobody sees what is not written down.
        return try await platform.perform(call, action: "application.reveal") { unit in
            let record: ApplicationRecord = try applications.require(request.name, unit.reading)
            guard try applications.actor(unit.principal, record, unit.reading).isHandler else {
                throw Refusal.permissionDenied()
            }
            return OneStopV1.RevealAnswerResponse(
                value: try applications.reveal(request.question, of: record, purpose: purpose, unit))
        }
    }

    private func clean(_ text: String, _ field: String) throws(Refusal) -> String {
        try ApplicationRules.freeText.apply(text, field: field)
    }
}

extension Applications {
    /// The counter took the fee; what the item leads to is issued now. A second time changes nothing.
    func confirmFee(_ found: ApplicationRecord, _ unit: UnitOfWork) throws -> ApplicationRecord {
        guard var fee = found.fee else { throw ApplicationTexts.voucherNotFound }
        unit.audit(
            subject: found.name, details: ["voucher": fee.number, "amount_fen": String(fee.amountFen)])
        guard fee.paidTime == nil else { return found }
        var record: ApplicationRecord = found
        fee.paidTime = unit.now
        record.fee = fee
        record.version += 1
        record.updateTime = unit.now
        record.certificate = try issue(record, item(of: record, unit.connection), unit)
        try ApplicationStore.update(record, unit.connection)
        let words: (title: BilingualText, body: BilingualText) = ApplicationTexts.feePaid(record, fee)
        try ApplicationStore.append(
            ApplicationEvent(
                action: "confirm_fee", zh: "窗口已收费\(ApplicationTexts.yuan(fee.amountFen))元。",
                en: "The counter took \(ApplicationTexts.yuan(fee.amountFen)) yuan.", note: "",
                actor: unit.principal.name, device: unit.principal.deviceID ?? "", time: unit.now),
            to: record, unit.connection)
        publish("application.fee_paid", record, unit)
        try write(words, about: record, unit)
        return record
    }

    /// An answer in the clear; written down where the applicant can read who looked.
    func reveal(_ question: String, of record: ApplicationRecord, purpose: String, _ unit: UnitOfWork) throws
        -> String
    {
        let answers: [KeptAnswer] = try store.answers(of: record, unit.connection)
        guard let answer = answers.first(where: { $0.question == question }) else {
            throw ApplicationTexts.questionUnknown
        }
        try DataAccesses.record(
            unit, residentID: String(record.applicant.dropFirst("residents/".count)),
            staff: StaffAccounts(keyring: platform.keyring), purpose: "\(answer.label.zh)：\(purpose)",
            subject: record.name)
        unit.audit(subject: record.name, details: ["question": question])
        return answer.file.isEmpty ? answer.shown : answer.file
    }
}
