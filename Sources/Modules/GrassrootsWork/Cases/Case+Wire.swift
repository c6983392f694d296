import Contract
import Kernel
import Platform
import RPC

/// Values of the contract, made of records.
enum CaseWire {
    static func message(_ view: CaseView, verbs: [String], photos: [String]) -> GrassrootsWorkV1.Case {
        let record: CaseRecord = view.record
        var message: GrassrootsWorkV1.Case = GrassrootsWorkV1.Case()
        message.name = record.name
        message.number = record.spacedNumber
        message.state = state(record.state)
        message.stateText = PlatformV1.Text(view.state.title)
        message.category = record.category
        message.categoryText = PlatformV1.Text(view.categoryText)
        message.standardCode = record.standardCode
        message.description = record.description
        message.grid = OrganizationName.text(record.place.gridCode)
        message.gridText = record.place.gridText
        message.place = record.place.words
        if let latitude = record.place.latitude, let longitude = record.place.longitude {
            message.point = PlatformV1.GeoPoint(latitude: latitude, longitude: longitude)
        }
        message.photos = photos
        message.channel = channel(record.channel)
        message.assignee = OrganizationName.text(record.assignee?.code)
        message.assigneeText = record.assignee?.text ?? ""
        message.handler = record.handler
        message.deadline = deadline(view)
        message.result = record.result
        message.rating = Int32(record.rating)
        message.returnCount = Int32(record.returnCount)
        message.reworkCount = Int32(record.reworkCount)
        message.reopenCount = Int32(record.reopenCount)
        message.mainCase = record.mainCase.map { "cases/\($0)" } ?? ""
        message.responsibleBody = record.responsibleBody
        message.projections = GrassrootsWorkV1.Projections(
            sevenStage: view.stage("seven_stage"), fiveStep: view.stage("five_step"),
            hotline: view.stage("hotline"))
        message.availableActions = verbs
        message.createTime = GoogleProtobuf.Timestamp(record.createTime)
        message.updateTime = GoogleProtobuf.Timestamp(record.updateTime)
        message.resolveTime = record.resolveTime.map { GoogleProtobuf.Timestamp($0) }
        message.workflowVersion = Int32(record.workflowVersion)
        message.followerCount = Int32(record.followerCount)
        message.synthetic = record.place.isSynthetic
        message.etag = record.etag
        message.nextOwner = PlatformV1.Text(view.nextOwner)
        return message
    }

    static func deadline(_ view: CaseView) -> PlatformV1.Deadline? {
        guard let deadline = view.deadline else { return nil }
        let pause: CasePause? = view.record.openPause
        return PlatformV1.Deadline(
            dueTime: GoogleProtobuf.Timestamp(deadline.due),
            remainingWorkingMinutes: Int32(
                clamping: view.clock.remainingMinutes(of: deadline, record: view.record, now: view.now)),
            card: card(deadline.card(at: view.now)), paused: pause != nil, pauseReason: pause?.reason ?? "",
            provisional: deadline.isProvisional)
    }

    static func event(_ event: CaseEventRecord) -> GrassrootsWorkV1.CaseEvent {
        var message: GrassrootsWorkV1.CaseEvent = GrassrootsWorkV1.CaseEvent()
        message.resumeToken = resumeToken(event.sequence)
        message.`case` = "cases/\(event.caseNumber)"
        message.action = event.draft.action
        message.fromState = event.draft.from.map(state) ?? .unspecified
        message.toState = state(event.draft.to)
        message.text = PlatformV1.Text(zh: event.draft.zh, en: event.draft.en)
        message.note = event.draft.note
        message.actorText = event.actorText
        message.time = GoogleProtobuf.Timestamp(event.time)
        message.photos = event.draft.photos
        return message
    }

    static func category(_ category: ReportCategory) -> GrassrootsWorkV1.Category {
        var message: GrassrootsWorkV1.Category = GrassrootsWorkV1.Category()
        message.id = category.id
        message.label = PlatformV1.Text(category.title)
        message.hint = PlatformV1.Text(category.hint)
        message.standardCode = category.standardCode
        message.keywords = category.keywords
        message.limit = PlatformV1.TimeLimit(
            value: Int32(category.limit.value), unit: unit(category.limit.unit))
        message.stopQuestion = category.stop.map { stop in
            GrassrootsWorkV1.StopQuestion(
                question: PlatformV1.Text(stop.question), advice: PlatformV1.Text(stop.advice),
                phone: stop.phone)
        }
        return message
    }

    /// Sequences as tokens; `e` tells them from page tokens.
    static func resumeToken(_ sequence: Int64) -> String { "e\(sequence)" }

    /// The sequence in a token; nil for an empty one.
    static func sequence(_ token: String) throws(Refusal) -> Int64? {
        if token.isEmpty { return nil }
        guard token.hasPrefix("e"), token.utf8.count <= 20, let sequence = Int64(token.dropFirst()),
            sequence >= 0
        else { throw CaseTexts.resumeTokenInvalid }
        return sequence
    }

    private static func card(_ card: WorkDeadline.Card) -> PlatformV1.DeadlineCard {
        switch card {
        case .green: .green
        case .yellow: .yellow
        case .red: .red
        }
    }

    private static func unit(_ unit: TimeLimit.Unit) -> PlatformV1.TimeUnit {
        switch unit {
        case .minutes: .minute
        case .workingHours: .workingHour
        case .workingDays: .workingDay
        case .calendarDays: .calendarDay
        }
    }

    static func limit(_ message: PlatformV1.TimeLimit?) -> TimeLimit? {
        guard let message else { return nil }
        let unit: TimeLimit.Unit? =
            switch message.unit {
            case .minute: .minutes
            case .workingHour: .workingHours
            case .workingDay: .workingDays
            case .calendarDay: .calendarDays
            case .unspecified, .unrecognized: nil
            }
        return unit.flatMap { TimeLimit(value: Int(message.value), unit: $0) }
    }
}

extension CaseWire {
    private static let states: [(CaseState, GrassrootsWorkV1.CaseState)] = [
        (.draft, .draft), (.reported, .reported), (.declined, .declined), (.merged, .merged),
        (.filed, .filed),
        (.awaitingDispatch, .awaitingDispatch), (.awaitingReceipt, .awaitingReceipt),
        (.returnReview, .returnReview), (.inProgress, .inProgress), (.suspended, .suspended),
        (.extensionReview, .extensionReview), (.awaitingVerification, .awaitingVerification),
        (.awaitingRating, .awaitingRating), (.remedying, .remedying), (.archived, .archived),
    ]

    static func state(_ state: CaseState) -> GrassrootsWorkV1.CaseState {
        states.first { $0.0 == state }?.1 ?? .unspecified
    }

    /// Nil for values that this server does not know.
    static func state(_ state: GrassrootsWorkV1.CaseState) -> CaseState? { states.first { $0.1 == state }?.0 }

    private static let channels: [(CaseChannel, GrassrootsWorkV1.CaseChannel)] = [
        (.chatbot, .chatbot), (.kiosk, .kiosk), (.patrol, .patrol), (.counter, .counter), (.phone, .phone),
        (.vendor, .vendor), (.sensor, .sensor),
    ]

    static func channel(_ channel: CaseChannel) -> GrassrootsWorkV1.CaseChannel {
        channels.first { $0.0 == channel }?.1 ?? .unspecified
    }

    static func channel(_ channel: GrassrootsWorkV1.CaseChannel) -> CaseChannel? {
        channels.first { $0.1 == channel }?.0
    }
}
