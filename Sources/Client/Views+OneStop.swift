internal import Contract
internal import Dialogue
internal import Kernel

// Forms, queries, certificates, halls and ratings, from the contract to the screens.

extension FormView {
    init(_ answer: OneStopV1.GetFormResponse, mandate: String) {
        let form = answer.form ?? OneStopV1.Form()
        let known = Dictionary(answer.knownAnswers.map { ($0.question, $0) }) { first, _ in first }
        self.init(
            item: form.item, title: form.title, revision: Int(form.revision), intro: Text(form.intro),
            questions: form.questions.compactMap { Question($0, known: known[$0.id]) },
            rules: form.eligibility.map(FailedRule.init), identityLevel: Int(form.identityLevel),
            mandate: mandate, applicant: answer.applicantText)
    }
}

extension FailedRule {
    init(_ rule: OneStopV1.EligibilityRule) {
        self.init(text: Text(rule.text), advice: Text(rule.advice), legalBasis: rule.legalBasis)
    }
}

extension CheckView {
    init(_ answer: OneStopV1.CheckAnswersResponse) {
        self.init(
            problems: answer.problems.map { Problem(question: $0.question, text: Text($0.text)) },
            failedRules: answer.failedRules.map(FailedRule.init), nextQuestion: answer.nextQuestion)
    }
}

extension Question {
    /// A question of the server; nil for a kind that this program does not know: the server will say that it is missing.
    init?(_ question: OneStopV1.FormQuestion, known: OneStopV1.KnownAnswer? = nil) {
        guard let kind = Kind(question) else { return nil }
        let prompt = Text(question.prompt)
        let label = Text(question.label)
        self.init(
            id: question.id, prompt: prompt, why: Text(question.why), kind: kind,
            label: label.isEmpty ? prompt : label, isOptional: question.optional,
            conditions: question.shownIf.compactMap(Condition.init), isSensitive: question.sensitive,
            offer: known.map { Offer(shown: $0.shown, origin: Text($0.origin), value: $0.value) })
    }
}

extension Question.Kind {
    /// Characters where a form names no limit.
    private static let textCharacters = 200
    private static let longTextCharacters = 1_000

    init?(_ question: OneStopV1.FormQuestion) {
        let least = Int(question.minimum)
        let most = Int(question.maximum)
        switch question.kind {
        case .text: self = .text(min: max(least, 1), max: most > 0 ? most : Self.textCharacters)
        case .longText: self = .longText(min: max(least, 1), max: most > 0 ? most : Self.longTextCharacters)
        case .idNumber: self = .idNumber
        case .phone: self = .phone
        case .date: self = .date(earliest: question.earliestDate, latest: question.latestDate)
        case .money: self = .money(maxFen: most > 0 ? question.maximum : Fen.limit)
        case .number: self = .number(min: least, max: max(least, most))
        case .choice:
            self = .choice(question.choices.map { Choice(value: $0.value, label: Text($0.label)) })
        case .yesNo: self = .yesNo
        case .address: self = .address
        case .file: self = .file(contentTypes: question.contentTypes)
        case .householdMember: self = .member
        case .name: self = .name
        case .creditCode: self = .creditCode
        case .bankAccount: self = .bankAccount
        case .unspecified, .unrecognized: return nil
        }
    }
}

extension Question.Condition {
    init?(_ condition: OneStopV1.FormCondition) {
        let comparison: Comparison
        switch condition.operator {
        case .is: comparison = .isOneOf
        case .isNot: comparison = .isNoneOf
        case .atLeast: comparison = .atLeast
        case .atMost: comparison = .atMost
        case .present: comparison = .isPresent
        case .unspecified, .unrecognized: return nil
        }
        self.init(question: condition.question, comparison, values: condition.values)
    }
}

extension HouseholdMemberView {
    init(_ member: PlatformV1.HouseholdMember) {
        self.init(
            name: member.name, fullName: member.fullName, relation: Relation(member.relation),
            maskedIDNumber: member.maskedIDNumber, age: Int(member.age))
    }
}

extension HouseholdMemberView.Relation {
    private static let pairs: [(Self, PlatformV1.HouseholdRelation)] = [
        (.spouse, .spouse), (.child, .child), (.parent, .parent), (.grandparent, .grandparent),
        (.grandchild, .grandchild), (.sibling, .sibling), (.other, .other),
    ]

    init(_ relation: PlatformV1.HouseholdRelation) {
        self = Self.pairs.first { $0.1 == relation }?.0 ?? .other
    }

    var message: PlatformV1.HouseholdRelation { Self.pairs.first { $0.0 == self }?.1 ?? .other }
}

extension QueryView {
    init(_ query: OneStopV1.Query, mandates: [MandateView]) {
        let isConnected = query.sourceState == .dataSet || query.sourceState == .connector
        self.init(
            item: query.item, title: query.title, department: query.department,
            parameters: query.parameters.compactMap { Question($0) }, isPersonal: query.personal,
            isConnected: isConnected, source: Text(query.sourceText), identityLevel: Int(query.identityLevel),
            mandates: mandates)
    }
}

extension QueryAnswerView {
    init(_ answer: OneStopV1.QueryAnswer) {
        self.init(
            item: answer.receipt?.item ?? "", title: answer.receipt?.itemText ?? "",
            subject: answer.subjectText, isByMandate: !answer.mandate.isEmpty,
            columns: answer.columns.map { Text($0.label) },
            rows: answer.rows.map(\.values), isTruncated: answer.truncated, notice: Text(answer.notice),
            source: answer.sourceText, asOf: answer.asOfTime?.instant, receipt: answer.receipt?.number ?? "")
    }
}

extension DataAccessView {
    init(_ access: PlatformV1.DataAccess) {
        self.init(time: access.accessTime?.instant, viewer: access.viewer, purpose: access.purpose)
    }
}

extension CertificateView {
    init(_ certificate: OneStopV1.Certificate) {
        let state: State =
            switch certificate.state {
            case .expired: .expired
            case .revoked: .revoked
            default: .valid
            }
        self.init(
            name: certificate.name, number: certificate.number, title: Text(certificate.title),
            holder: certificate.holderText, issuer: certificate.issuerText,
            lines: certificate.lines.map(Line.init), state: state, issuedAt: .at(certificate.issueTime),
            expiresAt: certificate.expireTime?.instant, revokeReason: certificate.revokeReason,
            credential: certificate.credential)
    }
}

extension CertificateView.Line {
    init(_ line: OneStopV1.CertificateLine) { self.init(label: line.label, value: line.value) }
}

extension VerificationView {
    init(_ answer: OneStopV1.VerifyCertificateResponse) {
        self.init(
            isValid: answer.result == .valid, text: Text(answer.text), number: answer.number,
            title: Text(answer.title), lines: answer.lines.map(CertificateView.Line.init))
    }
}

extension ProofView {
    init(_ type: OneStopV1.CertificateType) {
        self.init(
            title: Text(type.title), description: Text(type.description),
            validityDays: Int(type.validityDays), item: type.item)
    }
}

extension RefusedProofView {
    init(_ proof: OneStopV1.RefusedProof) {
        self.init(
            title: Text(proof.title), legalBasis: proof.legalBasis, instead: Text(proof.instead),
            item: proof.item)
    }
}

extension HallView {
    init(_ hall: OneStopV1.Hall) {
        self.init(
            name: hall.name, displayName: hall.displayName, address: hall.address,
            openingHours: hall.openingHours,
            groups: hall.groups.map {
                Group(
                    id: $0.id, label: Text($0.label), description: Text($0.description),
                    waiting: Int($0.waiting), minutes: Int($0.estimatedMinutes))
            }, isOpen: hall.open)
    }
}

extension SlotView {
    init(_ slot: OneStopV1.Slot) {
        self.init(start: .at(slot.startTime), end: .at(slot.endTime), free: Int(slot.free))
    }
}

extension AppointmentView {
    init(_ appointment: OneStopV1.Appointment) {
        self.init(
            name: appointment.name, hall: appointment.hallText, group: Text(appointment.groupText),
            start: .at(appointment.startTime), end: .at(appointment.endTime), itemText: appointment.itemText,
            state: Text(appointment.stateText), canCancel: appointment.state == .booked)
    }
}

extension TicketView {
    init(_ ticket: OneStopV1.Ticket) {
        let isWaiting = ticket.state == .waiting || ticket.state == .onHold
        self.init(
            name: ticket.name, number: ticket.number, group: Text(ticket.groupText),
            state: Text(ticket.stateText), isWaiting: isWaiting,
            isOver: !isWaiting && ticket.state != .serving, ahead: Int(ticket.ahead),
            minutes: Int(ticket.estimatedMinutes), counter: Int(ticket.counter), claim: ticket.claim)
    }
}

extension RatingView {
    init(_ rating: OneStopV1.Rating) {
        self.init(
            name: rating.name, subjectText: rating.subjectText, department: rating.departmentText,
            grade: Int(rating.grade), comment: rating.comment, state: Text(rating.stateText),
            rectification: rating.rectification, awaitsConfirmation: rating.state == .followUp,
            clock: rating.deadline.flatMap(ReportView.Clock.init))
    }
}

extension SubmittedAnswer {
    var message: OneStopV1.FormAnswer {
        OneStopV1.FormAnswer(question: question, value: value, fromKnown: isFromKnown)
    }
}
