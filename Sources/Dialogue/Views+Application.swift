package import Kernel

// Applications, mandates and bundles as the screens show them.

/// An application as whoever applied sees it.
package struct ApplicationView: Sendable, Equatable, Codable {
    /// Something that happened.
    package struct Event: Sendable, Equatable, Codable {
        package var time: Instant
        package var text: Text
        package var note: String
        package var actor: String

        package init(time: Instant, text: Text, note: String = "", actor: String = "") {
            self.time = time
            self.text = text
            self.note = note
            self.actor = actor
        }
    }
    /// What the department asks for 补正.
    package struct Supplement: Sendable, Equatable, Codable {
        /// Ids of the questions to answer again.
        package var questions: [String]
        package var points: [String]
        package var due: Instant?
        package var isAnswered: Bool

        package init(
            questions: [String] = [], points: [String] = [], due: Instant? = nil, isAnswered: Bool = false
        ) {
            self.questions = questions
            self.points = points
            self.due = due
            self.isAnswered = isAnswered
        }
    }
    /// A step that stops the clock.
    package struct Procedure: Sendable, Equatable, Codable {
        package var label: Text
        package var note: String
        package var start: Instant
        package var end: Instant?
        package var result: String

        package init(label: Text, note: String = "", start: Instant, end: Instant? = nil, result: String = "")
        {
            self.label = label
            self.note = note
            self.start = start
            self.end = end
            self.result = result
        }
    }
    /// A fee to pay at the counter.
    package struct Fee: Sendable, Equatable, Codable {
        package var number: String
        package var amountFen: Int64
        package var label: String
        package var paidAt: Instant?

        package init(number: String, amountFen: Int64, label: String, paidAt: Instant? = nil) {
            self.number = number
            self.amountFen = amountFen
            self.label = label
            self.paidAt = paidAt
        }
    }
    /// An answer as it may be shown.
    package struct Answer: Sendable, Equatable, Codable {
        package var label: Text
        package var shown: String
        package var origin: Text

        package init(label: Text, shown: String, origin: Text = Text("")) {
            self.label = label
            self.shown = shown
            self.origin = origin
        }
    }
    /// A rule that is another one since the application began.
    package struct RuleChange: Sendable, Equatable, Codable {
        package var subject: Text
        package var old: String
        package var new: String

        package init(subject: Text, old: String, new: String) {
            self.subject = subject
            self.old = old
            self.new = new
        }
    }
    /// What was decided.
    package struct Decision: Sendable, Equatable, Codable {
        package var isGranted: Bool
        package var reason: String
        package var delivery: String

        package init(isGranted: Bool, reason: String = "", delivery: String = "") {
            self.isGranted = isGranted
            self.reason = reason
            self.delivery = delivery
        }
    }
    /// What the person may do now.
    package enum Verb: String, Sendable, Codable {
        case supplement
        case withdraw
        case urge
    }

    /// `applications/{number}`.
    package var name: String
    /// As people read it.
    package var number: String
    package var item: String
    package var itemText: String
    package var department: String
    package var state: Text
    package var nextOwner: Text
    /// The promised limit.
    package var clock: ReportView.Clock?
    package var statutoryClock: ReportView.Clock?
    package var applicant: String
    /// Who acts for the applicant; empty if nobody does.
    package var agent: String
    /// `mandates/{id}`; empty without one.
    package var mandate: String
    package var answers: [Answer]
    package var supplement: Supplement?
    package var procedures: [Procedure]
    package var decision: Decision?
    package var fee: Fee?
    package var events: [Event]
    package var verbs: [Verb]
    package var ruleChanges: [RuleChange]
    /// `bundleCases/{id}`; empty outside of bundles.
    package var bundleCase: String
    /// `certificates/{number}`; empty if none came of it.
    package var certificate: String
    package var canRate: Bool
    /// 1 to 5, 0 before.
    package var rating: Int
    package var createdAt: Instant
    package var urgeCount: Int

    package init(
        name: String, number: String, item: String, itemText: String, department: String = "", state: Text,
        nextOwner: Text = Text(""), clock: ReportView.Clock? = nil, statutoryClock: ReportView.Clock? = nil,
        applicant: String = "", agent: String = "", mandate: String = "", answers: [Answer] = [],
        supplement: Supplement? = nil, procedures: [Procedure] = [], decision: Decision? = nil,
        fee: Fee? = nil,
        events: [Event] = [], verbs: [Verb] = [], ruleChanges: [RuleChange] = [], bundleCase: String = "",
        certificate: String = "", canRate: Bool = false, rating: Int = 0, createdAt: Instant,
        urgeCount: Int = 0
    ) {
        self.name = name
        self.number = number
        self.item = item
        self.itemText = itemText
        self.department = department
        self.state = state
        self.nextOwner = nextOwner
        self.clock = clock
        self.statutoryClock = statutoryClock
        self.applicant = applicant
        self.agent = agent
        self.mandate = mandate
        self.answers = answers
        self.supplement = supplement
        self.procedures = procedures
        self.decision = decision
        self.fee = fee
        self.events = events
        self.verbs = verbs
        self.ruleChanges = ruleChanges
        self.bundleCase = bundleCase
        self.certificate = certificate
        self.canRate = canRate
        self.rating = rating
        self.createdAt = createdAt
        self.urgeCount = urgeCount
    }
}

/// A mandate 委托.
package struct MandateView: Sendable, Equatable, Codable {
    package var name: String
    package var principal: String
    package var agent: String
    package var item: String
    package var itemText: String
    package var until: Instant?
    package var isRevoked: Bool
    /// True if the person gave it, false if the person holds it.
    package var isGiven: Bool
    package var isUsable: Bool

    package init(
        name: String, principal: String, agent: String, item: String, itemText: String, until: Instant? = nil,
        isRevoked: Bool = false, isGiven: Bool, isUsable: Bool = true
    ) {
        self.name = name
        self.principal = principal
        self.agent = agent
        self.item = item
        self.itemText = itemText
        self.until = until
        self.isRevoked = isRevoked
        self.isGiven = isGiven
        self.isUsable = isUsable
    }
}

/// A bundle 一件事.
package struct BundleView: Sendable, Equatable, Codable {
    package struct Part: Sendable, Equatable, Codable {
        package var item: String
        package var itemText: String
        package var isOptional: Bool

        package init(item: String, itemText: String, isOptional: Bool = false) {
            self.item = item
            self.itemText = itemText
            self.isOptional = isOptional
        }
    }
    package var name: String
    package var title: Text
    package var description: Text
    package var parts: [Part]

    package init(name: String, title: Text, description: Text = Text(""), parts: [Part]) {
        self.name = name
        self.title = title
        self.description = description
        self.parts = parts
    }
}

/// A bundle that was applied for.
package struct BundleCaseView: Sendable, Equatable, Codable {
    package struct Part: Sendable, Equatable, Codable {
        package var itemText: String
        package var application: String
        package var state: Text

        package init(itemText: String, application: String, state: Text) {
            self.itemText = itemText
            self.application = application
            self.state = state
        }
    }
    package var name: String
    package var title: Text
    package var parts: [Part]
    package var createdAt: Instant
    package var summary: Text

    package init(name: String, title: Text, parts: [Part], createdAt: Instant, summary: Text = Text("")) {
        self.name = name
        self.title = title
        self.parts = parts
        self.createdAt = createdAt
        self.summary = summary
    }
}
