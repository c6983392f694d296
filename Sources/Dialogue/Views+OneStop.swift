package import Kernel

// Forms, queries, certificates, halls and ratings as the screens show them.

/// A form as the server describes it, with what is known.
package struct FormView: Sendable, Equatable, Codable {
    /// `items/{id}` or `bundles/{id}`.
    package var item: String
    package var title: String
    package var revision: Int
    package var intro: Text
    /// Each with the known answer that may be offered.
    package var questions: [Question]
    package var rules: [FailedRule]
    /// Level that is needed, 1 to 3.
    package var identityLevel: Int
    /// `mandates/{id}`; empty for oneself.
    package var mandate: String
    package var applicant: String

    package init(
        item: String, title: String, revision: Int, intro: Text = Text(""), questions: [Question],
        rules: [FailedRule] = [], identityLevel: Int = 1, mandate: String = "", applicant: String = ""
    ) {
        self.item = item
        self.title = title
        self.revision = revision
        self.intro = intro
        self.questions = questions
        self.rules = rules
        self.identityLevel = identityLevel
        self.mandate = mandate
        self.applicant = applicant
    }
}

/// A rule of who may apply, said when it fails.
package struct FailedRule: Sendable, Equatable, Codable {
    package var text: Text
    /// What to do.
    package var advice: Text
    package var legalBasis: String

    package init(text: Text, advice: Text = Text(""), legalBasis: String = "") {
        self.text = text
        self.advice = advice
        self.legalBasis = legalBasis
    }
}

/// What the server says of answers.
package struct CheckView: Sendable, Equatable, Codable {
    package struct Problem: Sendable, Equatable, Codable {
        package var question: String
        package var text: Text

        package init(question: String, text: Text) {
            self.question = question
            self.text = text
        }
    }
    package var problems: [Problem]
    package var failedRules: [FailedRule]
    /// Empty if nothing is missing.
    package var nextQuestion: String

    package init(problems: [Problem] = [], failedRules: [FailedRule] = [], nextQuestion: String = "") {
        self.problems = problems
        self.failedRules = failedRules
        self.nextQuestion = nextQuestion
    }
}

/// Somebody of the household.
package struct HouseholdMemberView: Sendable, Equatable, Codable {
    package enum Relation: String, Sendable, Codable, CaseIterable {
        case spouse
        case child
        case parent
        case grandparent
        case grandchild
        case sibling
        case other

        var label: Text {
            switch self {
            case .spouse: Text("配偶", "Spouse")
            case .child: Text("子女", "Child")
            case .parent: Text("父母", "Parent")
            case .grandparent: Text("祖父母、外祖父母", "Grandparent")
            case .grandchild: Text("孙子女、外孙子女", "Grandchild")
            case .sibling: Text("兄弟姐妹", "Brother or sister")
            case .other: Text("其他", "Other")
            }
        }
    }
    package var name: String
    package var fullName: String
    package var relation: Relation
    package var maskedIDNumber: String
    package var age: Int

    package init(name: String, fullName: String, relation: Relation, maskedIDNumber: String, age: Int) {
        self.name = name
        self.fullName = fullName
        self.relation = relation
        self.maskedIDNumber = maskedIDNumber
        self.age = age
    }
}

/// A query and what it asks for.
package struct QueryView: Sendable, Equatable, Codable {
    package var item: String
    package var title: String
    package var department: String
    package var parameters: [Question]
    package var isPersonal: Bool
    package var isConnected: Bool
    /// The source, or whom to ask while none is connected.
    package var source: Text
    package var identityLevel: Int
    /// Mandates that the person holds for it.
    package var mandates: [MandateView]

    package init(
        item: String, title: String, department: String, parameters: [Question] = [],
        isPersonal: Bool = false,
        isConnected: Bool = true, source: Text = Text(""), identityLevel: Int = 0,
        mandates: [MandateView] = []
    ) {
        self.item = item
        self.title = title
        self.department = department
        self.parameters = parameters
        self.isPersonal = isPersonal
        self.isConnected = isConnected
        self.source = source
        self.identityLevel = identityLevel
        self.mandates = mandates
    }
}

/// What a query answered.
package struct QueryAnswerView: Sendable, Equatable, Codable {
    package var item: String
    package var title: String
    /// Whom it is about, masked; empty for public answers.
    package var subject: String
    /// It was asked for somebody else.
    package var isByMandate: Bool
    package var columns: [Text]
    package var rows: [[String]]
    package var isTruncated: Bool
    package var notice: Text
    package var source: String
    package var asOf: Instant?
    package var receipt: String

    package init(
        item: String = "", title: String, subject: String = "", isByMandate: Bool = false, columns: [Text],
        rows: [[String]], isTruncated: Bool = false, notice: Text = Text(""), source: String,
        asOf: Instant? = nil, receipt: String = ""
    ) {
        self.item = item
        self.title = title
        self.subject = subject
        self.isByMandate = isByMandate
        self.columns = columns
        self.rows = rows
        self.isTruncated = isTruncated
        self.notice = notice
        self.source = source
        self.asOf = asOf
        self.receipt = receipt
    }
}

/// A look at the person's own data.
package struct DataAccessView: Sendable, Equatable, Codable {
    package var time: Instant?
    /// Office and post, or who held the mandate.
    package var viewer: String
    package var purpose: String

    package init(time: Instant?, viewer: String, purpose: String) {
        self.time = time
        self.viewer = viewer
        self.purpose = purpose
    }
}

/// A certificate.
package struct CertificateView: Sendable, Equatable, Codable {
    package enum State: String, Sendable, Codable {
        case valid
        case expired
        case revoked

        var label: Text {
            switch self {
            case .valid: Text("有效", "Valid")
            case .expired: Text("已过期", "Expired")
            case .revoked: Text("已作废", "Revoked")
            }
        }
    }
    package struct Line: Sendable, Equatable, Codable {
        package var label: String
        package var value: String

        package init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }
    package var name: String
    package var number: String
    package var title: Text
    package var holder: String
    package var issuer: String
    package var lines: [Line]
    package var state: State
    package var issuedAt: Instant
    package var expiresAt: Instant?
    package var revokeReason: String
    /// Text of the QR code; empty in a list.
    package var credential: String

    package init(
        name: String, number: String, title: Text, holder: String, issuer: String, lines: [Line] = [],
        state: State, issuedAt: Instant, expiresAt: Instant? = nil, revokeReason: String = "",
        credential: String = ""
    ) {
        self.name = name
        self.number = number
        self.title = title
        self.holder = holder
        self.issuer = issuer
        self.lines = lines
        self.state = state
        self.issuedAt = issuedAt
        self.expiresAt = expiresAt
        self.revokeReason = revokeReason
        self.credential = credential
    }
}

/// What a check of a certificate's code found.
package struct VerificationView: Sendable, Equatable, Codable {
    package var isValid: Bool
    package var text: Text
    package var number: String
    package var title: Text
    package var lines: [CertificateView.Line]

    package init(
        isValid: Bool, text: Text, number: String = "", title: Text = Text(""),
        lines: [CertificateView.Line] = []
    ) {
        self.isValid = isValid
        self.text = text
        self.number = number
        self.title = title
        self.lines = lines
    }
}

/// A proof that is issued here.
package struct ProofView: Sendable, Equatable, Codable {
    package var title: Text
    package var description: Text
    package var validityDays: Int
    /// `items/{id}` to apply for it; empty if only a counter issues it.
    package var item: String

    package init(title: Text, description: Text = Text(""), validityDays: Int = 0, item: String = "") {
        self.title = title
        self.description = description
        self.validityDays = validityDays
        self.item = item
    }
}

/// A proof that communities must not issue.
package struct RefusedProofView: Sendable, Equatable, Codable {
    package var title: Text
    package var legalBasis: String
    package var instead: Text
    /// `items/{id}` that does it; empty if none is in the catalogue.
    package var item: String

    package init(title: Text, legalBasis: String = "", instead: Text = Text(""), item: String = "") {
        self.title = title
        self.legalBasis = legalBasis
        self.instead = instead
        self.item = item
    }
}

/// A service centre.
package struct HallView: Sendable, Equatable, Codable {
    package struct Group: Sendable, Equatable, Codable {
        package var id: String
        package var label: Text
        package var description: Text
        package var waiting: Int
        /// -1 when nothing is known.
        package var minutes: Int

        package init(
            id: String, label: Text, description: Text = Text(""), waiting: Int = 0, minutes: Int = -1
        ) {
            self.id = id
            self.label = label
            self.description = description
            self.waiting = waiting
            self.minutes = minutes
        }
    }
    package var name: String
    package var displayName: String
    package var address: String
    package var openingHours: String
    package var groups: [Group]
    package var isOpen: Bool
    /// What the person comes for, `items/{id}`; empty if nothing was said.
    var item = ""

    package init(
        name: String, displayName: String, address: String = "", openingHours: String = "", groups: [Group],
        isOpen: Bool = true
    ) {
        self.name = name
        self.displayName = displayName
        self.address = address
        self.openingHours = openingHours
        self.groups = groups
        self.isOpen = isOpen
    }
}

/// A free time.
package struct SlotView: Sendable, Equatable, Codable {
    package var start: Instant
    package var end: Instant
    package var free: Int

    package init(start: Instant, end: Instant, free: Int) {
        self.start = start
        self.end = end
        self.free = free
    }
}

/// An appointment.
package struct AppointmentView: Sendable, Equatable, Codable {
    package var name: String
    package var hall: String
    package var group: Text
    package var start: Instant
    package var end: Instant
    package var itemText: String
    package var state: Text
    package var canCancel: Bool

    package init(
        name: String, hall: String, group: Text, start: Instant, end: Instant, itemText: String = "",
        state: Text,
        canCancel: Bool
    ) {
        self.name = name
        self.hall = hall
        self.group = group
        self.start = start
        self.end = end
        self.itemText = itemText
        self.state = state
        self.canCancel = canCancel
    }
}

/// A ticket of a queue.
package struct TicketView: Sendable, Equatable, Codable {
    package var name: String
    package var number: String
    package var group: Text
    package var state: Text
    package var isWaiting: Bool
    package var isOver: Bool
    package var ahead: Int
    /// -1 when nothing is known.
    package var minutes: Int
    /// 0 if none serves it.
    package var counter: Int
    /// With which somebody without an account asks for it again; shown once.
    package var claim: String

    package init(
        name: String, number: String, group: Text, state: Text, isWaiting: Bool, isOver: Bool = false,
        ahead: Int = 0, minutes: Int = -1, counter: Int = 0, claim: String = ""
    ) {
        self.name = name
        self.number = number
        self.group = group
        self.state = state
        self.isWaiting = isWaiting
        self.isOver = isOver
        self.ahead = ahead
        self.minutes = minutes
        self.counter = counter
        self.claim = claim
    }
}

/// A rating that the person gave.
package struct RatingView: Sendable, Equatable, Codable {
    package var name: String
    package var subjectText: String
    package var department: String
    package var grade: Int
    package var comment: String
    package var state: Text
    package var rectification: String
    /// It was put right, and the person is asked whether it is.
    package var awaitsConfirmation: Bool
    package var clock: ReportView.Clock?

    package init(
        name: String, subjectText: String, department: String = "", grade: Int, comment: String = "",
        state: Text,
        rectification: String = "", awaitsConfirmation: Bool = false, clock: ReportView.Clock? = nil
    ) {
        self.name = name
        self.subjectText = subjectText
        self.department = department
        self.grade = grade
        self.comment = comment
        self.state = state
        self.rectification = rectification
        self.awaitsConfirmation = awaitsConfirmation
        self.clock = clock
    }
}
