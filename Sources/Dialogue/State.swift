package import Kernel

/// The whole conversation as one value. It can be written to bytes at any moment and taken up again later.
package struct DialogueState: Sendable, Equatable, Codable {
    package var language: Language
    /// The person who is signed in; nil for a visitor.
    package var person: Person?
    /// Whose answers the drafts and known answers are; they are dropped when somebody else signs in.
    var ownerID: String?
    /// Screens, the main menu first and the one being shown last.
    var frames: [Frame] = []
    /// What the numbers on the screen mean; made together with what was shown.
    var options: [Option] = []
    /// What is being waited for.
    package var pending: Request?
    /// What to do once somebody has signed in.
    var afterSignIn: Action?
    /// A form that was left unfinished.
    var draft: FormRun?
    /// Answers of an earlier form that need not be asked again, by `Question.knownAs`.
    var known: [String: AnswerValue] = [:]
    /// Answers in a row that did not fit the screen being shown.
    var misses = 0
    /// The case whose changes are shown as they come.
    package var watching: String?
    /// The application, `applications/{number}`, whose changes are shown as they come.
    package var following: String?
    /// The ticket that was taken last, until its number is over.
    var ticket: TicketReference?
    /// `pending` could not be sent, or its answer did not come.
    var isCutOff = false
    var hasEnded = false

    package init(language: Language = .chinese) {
        self.language = language
    }

    /// True while what is typed should not be seen on the screen.
    package var hidesInput: Bool {
        guard pending == nil, case .form(let run)? = frames.last, case .question(let index) = run.cursor
        else {
            return false
        }
        if case .secret = run.form.questions[index].kind { return true }
        return false
    }

    /// True after `Effect.quit`.
    package var isOver: Bool { hasEnded }

    /// True if there is something worth going on with.
    package var isUnfinished: Bool {
        draft != nil || ticket != nil || frames.contains { if case .form = $0 { true } else { false } }
    }

    /// A state that was kept is taken up by whoever is signed in now. It goes on only for its owner: what one person
    /// typed is not shown to the next.
    package mutating func resume(as person: Person?, in language: Language) {
        hasEnded = false
        if let ownerID, let person, person.id != ownerID {
            self = DialogueState(language: language)
        } else if person == nil, ownerID != nil {
            // Nobody is signed in: the owner's form waits as a draft that needs a sign-in to be opened.
            let sealed = unfinishedForm
            let owner = ownerID
            self = DialogueState(language: language)
            draft = sealed
            ownerID = owner
        }
        // Half-filled forms and requests that waited are gone on with; a list would only be out of date.
        if pending == nil, !isUnfinished { frames = [] }
        self.language = language
        self.person = person
        if let person { ownerID = person.id }
    }

    /// The form on the screen, or the draft.
    var unfinishedForm: FormRun? {
        for frame in frames.reversed() {
            if case .form(let run) = frame, run.form.hasSummary, run.hasOwnAnswers { return run }
        }
        return draft
    }
}

/// Who is signed in, as much as the screens need.
package struct Person: Sendable, Equatable, Codable {
    /// `residents/{id}`.
    package var id: String
    package var displayName: String
    package var maskedPhone: String
    /// Where the person lives; nil if that was not said.
    package var home: PlaceNode?
    /// 1 phone, 2 ID number, 3 seen at a counter.
    package var identityLevel: Int

    package init(
        id: String, displayName: String, maskedPhone: String, home: PlaceNode? = nil, identityLevel: Int = 1
    ) {
        self.identityLevel = identityLevel
        self.id = id
        self.displayName = displayName
        self.maskedPhone = maskedPhone
        self.home = home
    }
}

/// A ticket, and the secret with which somebody without an account asks for it.
struct TicketReference: Sendable, Equatable, Codable {
    var name: String
    var claim: String
}

/// One screen.
enum Frame: Sendable, Equatable, Codable {
    case menu(id: String, page: Int)
    case list(ListFrame)
    case form(FormRun)
}

/// A screen with a card and numbered actions.
struct ListFrame: Sendable, Equatable, Codable {
    struct Item: Sendable, Equatable, Codable {
        var label: String
        var keywords: [String] = []
        var action: Action
    }
    struct Row: Sendable, Equatable, Codable {
        var label: String
        var value: String
    }

    var title: String
    /// Said above the items.
    var text: [String] = []
    var rows: [Row] = []
    var items: [Item] = []
    var page = 0
    /// Asks the server for the items after the last one.
    var nextPage: Request?
    /// `nextPage` was asked for.
    var isLoading = false
    /// A screen that only asks back (leave or stay?) is dropped as soon as it is answered.
    var isQuestion = false
    /// Said as a warning instead of as text.
    var isWarning = false
    var table: Message.Table?
    /// Shown as a QR code; empty for none.
    var code = ""
    /// Which thing it shows, so that a change is shown in place.
    var subject = ""

    /// It asks what was meant: other words answer it, too.
    var isGuess: Bool { isQuestion && items.contains { $0.action == .rephrase } }
}

/// A number or word on the screen and what it does.
struct Option: Sendable, Equatable, Codable {
    var key: String
    var label: String
    var keywords: [String]
    var action: Action
}

/// A form being filled in.
struct FormRun: Sendable, Equatable, Codable {
    enum Cursor: Sendable, Equatable, Codable {
        case question(Int)
        /// An answer that is known is offered before the question.
        case offer(Int)
        /// Danger was answered; the choice waits until the person says how to go on.
        case stop(question: Int, choice: Int)
        case summary
    }

    var form: Form
    var answers: [String: AnswerValue] = [:]
    var cursor: Cursor = .question(0)
    /// Answers that were known and not asked for.
    var prefilled: Set<String> = []
    /// A single answer is being changed: the next screen is the summary.
    var isChanging = false
    /// Drawn when the summary is shown; a resend with it is not a second act.
    var requestID: String?
    var walk = PlaceWalk()
    /// The page of the choices being shown.
    var page = 0
    /// The phone that a one-time code went to.
    var codeSentTo: String?
    /// The intro was said.
    var isIntroduced = false
    /// Questions that the server wants answered although nothing here asks for them.
    var demanded: Set<String> = []
    /// The server found nothing wrong with the answers as they are.
    var isAccepted = false
    /// What the server said about answers, by question.
    var problems: [String: String] = [:]
    /// Rules of eligibility that fail.
    var failedRules: [FailedRule] = []
    /// The household; nil before it was asked for.
    var members: [HouseholdMemberView]?
    /// The place of the address being typed.
    var addressPlace: PlaceNode?
}

/// Walking down the division tree inside a place question.
struct PlaceWalk: Sendable, Equatable, Codable {
    /// From the top to the place whose children are shown.
    var trail: [PlaceNode] = []
    /// How many places at the start of the trail were walked by the program, since there was no choice.
    var base = 0
    /// What is offered now; nil before the server was asked.
    var shown: [PlaceNode]?
    /// The words that `shown` was found by; empty if it was walked to.
    var words = ""

    /// True if there is a place, or the list before a search, to go back to.
    var canClimb: Bool { trail.count > base || !words.isEmpty }
}

/// What choosing something does.
indirect enum Action: Sendable, Equatable, Codable {
    case openMenu(String)
    case start(flow: String, words: String)
    case say(Text)
    /// Goes to the screen below.
    case back
    case home
    case human
    case quit
    /// Drops the question being shown and shows the screen below again.
    case dismiss
    /// None of the guesses: asks for other words.
    case rephrase
    case pageForward
    /// Asks the server.
    case call(Request)
    /// Asks the server as the person who is signed in; a visitor signs in first.
    case callSignedIn(Request)
    case form(Form)
    /// Begins a form whose act needs an account.
    case formSignedIn(Form)
    case show(ListFrame)
    /// Shows a message and tells the server that it was read.
    case read(ListFrame, name: String)
    case answer(AnswerValue)
    case choose(Int)
    case passStop
    case descend(PlaceNode)
    case takePlace(PlaceNode)
    case restartWalk
    case change(Int)
    case submit
    case keepText(String)
    case leaveForm(then: Action)
    case restartForm
    case resumeDraft
    case dropDraft(then: Action)
    case watch(String)
    case stopWatching
    case setLanguage(Language)
    case skipQuestion
    case previousQuestion
    /// Takes the known answer that is offered.
    case takeOffer
    /// Answers oneself instead.
    case declineOffer
    case addMember
    /// Back to the answers, to change one.
    case showAnswers
    /// Asks the server something that changes it, with an id drawn when it is chosen.
    case act(Act)
    case follow(String)
    case stopFollowing
    case print(Printout)
    case printCertificate(String)
    case startQuery(QueryView, MandateView?)
    case takeTicket(hall: String, group: String)
}
