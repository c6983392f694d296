import Contract
import Kernel
import Platform
import RPC
import Storage

/// Records to contract values.
enum ApplicationWire {
    /// The limit with what is left of it; nil where none is known or none runs.
    static func deadline(_ deadline: WorkDeadline?, _ view: ApplicationView) -> PlatformV1.Deadline? {
        guard let deadline else { return nil }
        let run: SpecialRun? = view.record.runningProcedure
        let minutes: Int = view.clock.remainingMinutes(of: deadline, view.record, now: view.now)
        return PlatformV1.Deadline(
            dueTime: GoogleProtobuf.Timestamp(deadline.due),
            remainingWorkingMinutes: Int32(clamping: minutes),
            card: card(deadline.card(at: view.now)), paused: run != nil,
            pauseReason: run.map { "\(ApplicationTexts.procedure($0.kind).zh)：\($0.note)" } ?? "",
            provisional: deadline.isProvisional)
    }

    private static func card(_ card: WorkDeadline.Card) -> PlatformV1.DeadlineCard {
        switch card {
        case .green: .green
        case .yellow: .yellow
        case .red: .red
        }
    }

    static func state(_ state: ApplicationState) -> OneStopV1.ApplicationState {
        switch state {
        case .waiting: .waiting
        case .submitted: .submitted
        case .supplementRequested: .supplementRequested
        case .rejected: .rejected
        case .accepted: .accepted
        case .specialProcedure: .specialProcedure
        case .granted: .granted
        case .refused: .refused
        case .delivered: .delivered
        case .archived: .archived
        case .withdrawn: .withdrawn
        }
    }

    /// Nil for unspecified.
    static func state(_ wire: OneStopV1.ApplicationState) throws(Refusal) -> ApplicationState? {
        if wire == .unspecified { return nil }
        guard let state = ApplicationState.allCases.first(where: { Self.state($0) == wire }) else {
            throw ApplicationTexts.stateUnknown
        }
        return state
    }

    static func supplement(_ supplement: ApplicationSupplement) -> OneStopV1.Supplement {
        OneStopV1.Supplement(
            questions: supplement.questions, points: supplement.points,
            requestTime: GoogleProtobuf.Timestamp(supplement.requestTime),
            dueTime: supplement.dueTime.map { GoogleProtobuf.Timestamp($0) },
            answerTime: supplement.answerTime.map { GoogleProtobuf.Timestamp($0) })
    }

    static func run(_ run: SpecialRun) -> OneStopV1.SpecialProcedureRun {
        OneStopV1.SpecialProcedureRun(
            kind: OneStopV1.SpecialProcedureKind(rawValue: Int32(run.kind)), note: run.note,
            startTime: GoogleProtobuf.Timestamp(run.start),
            endTime: run.end.map { GoogleProtobuf.Timestamp($0) }, result: run.result)
    }

    static func decision(_ decision: ApplicationDecision) -> OneStopV1.Decision {
        let reason: String =
            decision.granted ? decision.reason : "\(decision.reason)\n\(ApplicationTexts.remedy.zh)"
        return OneStopV1.Decision(
            granted: decision.granted, reason: reason, time: GoogleProtobuf.Timestamp(decision.time),
            delivery: decision.delivery)
    }

    static func fee(_ fee: ApplicationFee) -> OneStopV1.FeeVoucher {
        OneStopV1.FeeVoucher(
            number: fee.number, amountFen: fee.amountFen, label: fee.label,
            paidTime: fee.paidTime.map { GoogleProtobuf.Timestamp($0) })
    }

    /// - Parameter isMasked: personal answers are shown masked, and what a file is called here is told by `RevealAnswer`
    ///   only, which writes down who looked.
    static func answer(_ answer: KeptAnswer, isMasked: Bool) -> OneStopV1.AnswerView {
        var view: OneStopV1.AnswerView = OneStopV1.AnswerView()
        view.question = answer.question
        view.label = PlatformV1.Text(answer.label.text)
        view.shown = isMasked ? answer.masked : answer.shown
        view.origin = answer.origin.map { PlatformV1.Text($0.text) }
        view.file = isMasked ? "" : answer.file
        view.masked = isMasked && (answer.isSensitive || !answer.file.isEmpty)
        return view
    }
}

extension Applications {
    /// The application as its caller may see it.
    ///
    /// - Parameter whole: with answers, events and changed rules; lists go without.
    func message(_ record: ApplicationRecord, whole: Bool = true, _ context: ReadContext) throws
        -> OneStopV1.Application
    {
        let view: ApplicationView = try view(record, now: context.now)
        guard let principal = context.principal else { throw ApplicationTexts.notFound }
        let actor: ApplicationActor = try actor(principal, record, context)
        let item: RevisedItem = try item(of: record, context.connection)
        var message: OneStopV1.Application = OneStopV1.Application()
        message.name = record.name
        message.number = record.spacedNumber
        message.item = "items/\(record.itemID)"
        message.itemText = record.itemText
        message.itemRevision = Int32(record.itemRevision)
        message.department = OrganizationName.text(record.department.code)
        message.departmentText = record.department.text
        message.state = ApplicationWire.state(record.state)
        message.stateText = PlatformV1.Text(ApplicationTexts.state(view))
        message.nextOwner = PlatformV1.Text(nextOwner(view, actor))
        message.deadline = ApplicationWire.deadline(view.clock.promised(of: record, now: view.now), view)
        message.statutoryDeadline = ApplicationWire.deadline(statutory(view), view)
        message.applicantText =
            actor.isApplicant || actor.isAgent
            ? try applicantName(record, context.connection) : record.applicantText
        message.agentText = record.agentText
        message.mandate = record.mandate
        message.supplement = record.details.supplement.map(ApplicationWire.supplement)
        message.specialProcedures = record.details.runs.map(ApplicationWire.run)
        message.decision = record.details.decision.map(ApplicationWire.decision)
        message.fee = record.fee.map(ApplicationWire.fee)
        message.availableActions = verbs(view, actor, item)
        message.bundleCase = record.bundleCase.isEmpty ? "" : "bundleCases/\(record.bundleCase)"
        message.certificate = record.certificate
        message.rating = Int32(record.rating)
        message.canRate = actor.isApplicant && record.rating == 0 && record.state == .delivered
        message.createTime = GoogleProtobuf.Timestamp(record.createTime)
        message.updateTime = GoogleProtobuf.Timestamp(record.updateTime)
        message.etag = record.etag
        message.urgeCount = Int32(record.urgeCount)
        message.synthetic = record.synthetic
        if whole { try fill(&message, record, actor, item, principal, context) }
        return message
    }

    private func fill(
        _ message: inout OneStopV1.Application, _ record: ApplicationRecord, _ actor: ApplicationActor,
        _ item: RevisedItem, _ principal: Principal, _ context: ReadContext
    ) throws {
        // Whoever applied sees what they wrote, but not on the screen of a kiosk, which others see too.
        let isMasked: Bool = !actor.isApplicant || principal.deviceID != nil
        message.answers = try store.answers(of: record, context.connection).map {
            ApplicationWire.answer($0, isMasked: isMasked)
        }
        message.events = try ApplicationStore.events(
            of: record.id, limit: ApplicationRules.eventsShown, context.connection
        ).map { try self.event($0, record, actor, context.connection) }
        if !record.state.isOver,
            let newest: RevisedItem = try ItemStore.find(context.connection, id: record.itemID),
            newest.revision != record.itemRevision
        {
            message.ruleChanges = RevisionDifference.between(item, newest, .chinese).map { $0.message() }
        }
    }

    private func event(
        _ event: ApplicationEvent, _ record: ApplicationRecord, _ actor: ApplicationActor,
        _ connection: any Connection
    ) throws -> OneStopV1.ApplicationEvent {
        OneStopV1.ApplicationEvent(
            time: GoogleProtobuf.Timestamp(event.time), text: PlatformV1.Text(zh: event.zh, en: event.en),
            note: event.note, actorText: try actorText(event.actor, record, actor, connection))
    }

    /// A department for residents, a person for the department.
    private func actorText(
        _ name: String, _ record: ApplicationRecord, _ actor: ApplicationActor, _ connection: any Connection
    ) throws -> String {
        if name == record.applicant { return "申请人" }
        if name == record.agent { return "代办人 \(record.agentText)" }
        guard name.hasPrefix("staff/") else { return "系统" }
        guard actor.isHandler,
            let member = try StaffAccounts(keyring: platform.keyring).find(
                connection, id: String(name.dropFirst("staff/".count)))
        else { return record.department.text }
        return "\(member.fullName)（\(member.post)）"
    }

    /// The law's limit of the decision, or of the step that the department owes: the answer to a hand-in, the delivery.
    private func statutory(_ view: ApplicationView) -> WorkDeadline? {
        switch view.record.state {
        case .submitted, .granted, .refused: view.clock.step(of: view.record, view.state, now: view.now)
        default: view.clock.statutory(of: view.record, now: view.now)
        }
    }

    private func nextOwner(_ view: ApplicationView, _ actor: ApplicationActor) -> BilingualText {
        guard let owner = view.state.owner else { return BilingualText(zh: "", en: "") }
        if owner == ApplicationActor.applicantRole, view.record.state == .delivered {
            // Nothing is left that has to be done: a rating is the applicant's choice.
            return actor.isApplicant
                ? BilingualText(zh: "已办好，可以评价", en: "Done; you may rate it")
                : BilingualText(zh: "已办好，等申请人评价", en: "Done; the applicant may rate it")
        }
        if view.record.state == .granted, let fee = view.record.fee, fee.paidTime == nil {
            // Nothing is handed over before.
            return actor.isApplicant
                ? BilingualText(zh: "您本人，请先缴费", en: "You: the fee comes first")
                : BilingualText(zh: "申请人，先缴费", en: "The applicant: the fee comes first")
        }
        if owner == ApplicationActor.applicantRole {
            return actor.isApplicant
                ? BilingualText(zh: "您本人", en: "You") : BilingualText(zh: "申请人", en: "The applicant")
        }
        return BilingualText(zh: view.record.department.text, en: view.record.department.text)
    }

    private func verbs(_ view: ApplicationView, _ actor: ApplicationActor, _ item: RevisedItem) -> [String] {
        var verbs: [String] = rules.verbs(view, actor: actor.workflow, item: item.definition)
        if let fee = view.record.fee, fee.paidTime == nil, actor.isHandler { verbs.append("confirm_fee") }
        return verbs
    }
}
