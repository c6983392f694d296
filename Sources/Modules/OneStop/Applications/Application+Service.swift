import Contract
import Kernel
import Platform
import RPC
import Storage

/// `ApplicationService`: requests in, commands to `Applications`, records out.
struct ApplicationDesk: OneStopV1.ApplicationService {
    private typealias Methods = OneStopV1.ApplicationServiceMethods

    let applications: Applications
    var platform: Platform { applications.platform }

    /// Who may call what. Which applications, is the scope; when, is the workflow, which has the last word.
    static let access: [AccessRule] = [
        AccessRule(Methods.getForm, .resident(level: 1), agents),
        AccessRule(Methods.checkAnswers, .resident(level: 1), agents),
        AccessRule(Methods.submitApplication, .resident(level: 1), agents),
        AccessRule(Methods.getApplication, .resident(level: 1), readers),
        AccessRule(Methods.listApplications, .resident(level: 1), readers),
        AccessRule(Methods.watchApplication, .resident(level: 1), readers),
        AccessRule(Methods.supplementApplication, .resident(level: 1), agents),
        AccessRule(Methods.withdrawApplication, .resident(level: 1), agents),
        AccessRule(Methods.urgeApplication, .resident(level: 1), agents),
        AccessRule(Methods.acceptApplication, .staff(.departmentOfficer)),
        AccessRule(Methods.requestSupplement, .staff(.departmentOfficer)),
        AccessRule(Methods.rejectApplication, .staff(.departmentOfficer)),
        AccessRule(Methods.startSpecialProcedure, .staff(.departmentOfficer)),
        AccessRule(Methods.endSpecialProcedure, .staff(.departmentOfficer)),
        AccessRule(Methods.decideApplication, .staff(.departmentOfficer)),
        AccessRule(Methods.deliverResult, .staff(.departmentOfficer, .counterClerk)),
        AccessRule(Methods.confirmFee, .staff(.departmentOfficer, .counterClerk)),
        AccessRule(Methods.revealAnswer, .staff(.departmentOfficer, .counterClerk)),
        AccessRule(Methods.forgetKnownAnswers, .resident(level: 1)),
    ]

    /// Staff who apply for others, each with a mandate.
    private static let agents: Audience = .staff(.counterClerk, .gridLeader, .gridWorker)
    private static let readers: Audience = .staff(
        .departmentOfficer, .counterClerk, .gridLeader, .gridWorker)

    // MARK: Forms

    func getForm(_ request: OneStopV1.GetFormRequest, _ call: ServerCall) async throws
        -> OneStopV1.GetFormResponse
    {
        guard request.application.isEmpty else {
            return try await platform.read(call) { context in
                try applications.supplementForm(
                    of: applications.require(request.application, context), context)
            }
        }
        let itemID: String = try ResourceName(
            parsing: request.item, Applications.itemPattern, field: "item"
        ).id
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            let party: ApplicationParty = try applications.party(
                of: principal, mandate: request.mandate, item: itemID, context)
            let item: RevisedItem = try applications.openItem(itemID, context.connection)
            var answer: OneStopV1.GetFormResponse = try applications.forms.form(
                for: item, person: party.person.name, context)
            if party.mandate != nil {
                answer.applicantText =
                    try applications.residents.reveal(context.connection, id: party.person.id, .fullName)
                    ?? party.person.maskedName
            }
            return answer
        }
    }

    func checkAnswers(_ request: OneStopV1.CheckAnswersRequest, _ call: ServerCall) async throws
        -> OneStopV1.CheckAnswersResponse
    {
        let itemID: String = try ResourceName(
            parsing: request.item, Applications.itemPattern, field: "item"
        ).id
        let principal: Principal = try call.requirePrincipal()
        return try await platform.read(call) { context in
            let party: ApplicationParty = try applications.party(
                of: principal, mandate: request.mandate, item: itemID, context)
            let item: RevisedItem = try applications.openItem(itemID, context.connection)
            guard Int(request.revision) == item.revision else { throw ApplicationTexts.itemChanged(item) }
            return try applications.forms.check(
                request.answers, for: item, person: party.person.name, context
            ).message
        }
    }

    // MARK: Applicants

    func submitApplication(_ request: OneStopV1.SubmitApplicationRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        let draft: ApplicationDraft = ApplicationDraft(
            itemID: try ResourceName(parsing: request.item, Applications.itemPattern, field: "item").id,
            revision: Int(request.revision), answers: request.answers, mandate: request.mandate,
            ticket: request.ticket)
        return try await platform.perform(
            call, request, requestID: request.requestID, action: "application.submit"
        ) { unit in
            try applications.message(applications.submit(draft, unit), unit.reading)
        }
    }

    func getApplication(_ request: OneStopV1.GetApplicationRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        try await platform.read(call) { context in
            try applications.message(applications.require(request.name, context), context)
        }
    }

    func listApplications(_ request: OneStopV1.ListApplicationsRequest, _ call: ServerCall) async throws
        -> OneStopV1.ListApplicationsResponse
    {
        let principal: Principal = try call.requirePrincipal()
        let state: ApplicationState? = try ApplicationWire.state(request.state)
        let item: String =
            request.item.isEmpty
            ? "" : try ResourceName(parsing: request.item, Applications.itemPattern, field: "item").id
        let paging: Paging = try Paging(
            size: request.pageSize, token: request.pageToken,
            query: ["applications", principal.name, state?.rawValue ?? "", "\(request.mine)", item])
        let before: Int64? = paging.after?.first.flatMap { Int64($0) }
        let scope: ApplicationScope = ApplicationScope(of: principal, waiting: request.mine)
        return try await platform.read(call) { context in
            let found: [ApplicationRecord] = try ApplicationStore.list(
                in: scope, state: state, item: item, before: before, limit: paging.limit, context.connection)
            let page = paging.cut(found) { [String($0.id)] }
            return OneStopV1.ListApplicationsResponse(
                applications: try page.rows.map { try applications.message($0, whole: false, context) },
                nextPageToken: page.nextPageToken)
        }
    }

    func supplementApplication(_ request: OneStopV1.SupplementApplicationRequest, _ call: ServerCall)
        async throws -> OneStopV1.Application
    {
        let note: String = try ApplicationRules.freeText.apply(request.note, field: "note")
        return try await act(
            request, request.name, "", request.requestID, "application.supplement", call
        ) { record, unit in
            let changed: ApplicationRecord = try applications.apply(
                .supplement(note: note), to: record, unit)
            try applications.supplement(changed, with: request.answers, note: note, unit)
            return changed
        }
    }

    func withdrawApplication(_ request: OneStopV1.WithdrawApplicationRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        let reason: String = try ApplicationRules.freeText.apply(request.reason, field: "reason")
        return try await act(
            .withdraw(reason: reason), request, request.name, "", request.requestID, "application.withdraw",
            call)
    }

    func urgeApplication(_ request: OneStopV1.UrgeApplicationRequest, _ call: ServerCall) async throws
        -> OneStopV1.Application
    {
        try await act(.urge, request, request.name, "", request.requestID, "application.urge", call)
    }

    func forgetKnownAnswers(_ request: OneStopV1.ForgetKnownAnswersRequest, _ call: ServerCall) async throws
        -> OneStopV1.ForgetKnownAnswersResponse
    {
        try await platform.perform(call, request, requestID: request.requestID, action: "answers.forget") {
            unit in
            let resident: String = unit.principal.name
            let count: Int = try KnownAnswers.forget(of: resident, unit.connection)
            unit.audit(subject: resident, details: ["count": String(count)])
            return OneStopV1.ForgetKnownAnswersResponse(forgottenCount: Int32(clamping: count))
        }
    }

    // MARK: One verb on an application

    /// Finds the application in the caller's scope, then does what is asked.
    func act<Q: Message>(
        _ request: Q, _ name: String, _ etag: String, _ requestID: String, _ action: String,
        _ call: ServerCall,
        _ body: @escaping @Sendable (ApplicationRecord, UnitOfWork) throws -> ApplicationRecord
    ) async throws -> OneStopV1.Application {
        try await platform.perform(call, request, requestID: requestID, action: action) { unit in
            let record: ApplicationRecord = try applications.require(name, unit.reading)
            let changed: ApplicationRecord = try body(record, unit)
            return try applications.message(changed, unit.reading)
        }
    }

    func act<Q: Message>(
        _ command: ApplicationCommand, _ request: Q, _ name: String, _ etag: String, _ requestID: String,
        _ action: String, _ call: ServerCall
    ) async throws -> OneStopV1.Application {
        try await act(request, name, etag, requestID, action, call) { record, unit in
            try applications.apply(command, to: record, etag: etag, unit)
        }
    }
}
