package import Kernel

// What goes into the reducer and what comes out of it.

/// Something that happened: a person typed, the server answered, the line broke.
package enum Input: Sendable, Equatable {
    /// The program has begun. A state that was resumed shows where it stopped.
    case start
    /// A person typed a line.
    case line(String)
    /// The answer to the request that was pending.
    case answered(Response)
    /// The request that was pending failed.
    case failed(Failure)
    /// The line is back: what was pending is sent again.
    case reconnected
    /// A watched case changed.
    case caseChanged(CaseChange)
    /// A followed application changed.
    case applicationChanged(ApplicationView)
    /// Paper came out, or did not; the answer to `Effect.print` and `Effect.printCertificate`.
    case printed(Bool)
    /// The answer to `Effect.signIn`: who has signed in, or nil if the person gave up.
    case signedIn(Person?)
    /// The person wants to read another language; what is on the screen is said again in it.
    case language(Language)
}

/// What the reducer may not make for itself: the time and a fresh id.
package struct Moment: Sendable, Equatable {
    package var now: Instant
    /// A UUID nobody has used; becomes the request id of the act whose summary is shown in this step.
    package var freshID: String

    package init(now: Instant, freshID: String) {
        self.now = now
        self.freshID = freshID
    }
}

/// Something to do. The result comes back as an `Input`.
package enum Effect: Sendable, Equatable {
    /// Ask the server; answer with `.answered` or `.failed`. Never more than one at a time.
    case call(Request)
    /// Follow a case by a server stream, with `.caseChanged` for each change, until `stopWatching`.
    case watch(caseNumber: String)
    case stopWatching
    /// Follow an application, `applications/{number}`, by a server stream, with `.applicationChanged` for each change, until
    /// `stopFollowing`.
    case follow(application: String)
    case stopFollowing
    /// Put it on paper; answer with `.printed`. Only at a kiosk.
    case print(Printout)
    /// Put the PDF of a certificate, `certificates/{number}`, on paper; answer with `.printed`. Only at a kiosk.
    case printCertificate(name: String)
    /// Let the person sign in by card, phone or QR code; answer with `.signedIn`. Only at a kiosk, which has ways of its
    /// own; the chatbot asks for phone, code and password in the conversation.
    case signIn
    /// Leave the program.
    case quit
}

/// A strip of paper to take home.
package struct Printout: Sendable, Equatable, Codable {
    package var title: String
    /// Whole lines; the printer breaks them to its width.
    package var lines: [String]
    /// Printed as a QR code below; empty for none.
    package var code: String

    package init(title: String, lines: [String], code: String = "") {
        self.title = title
        self.lines = lines
        self.code = code
    }
}

/// What to show. A front end lays it out for its width; the words are final.
package struct Message: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        /// The name of the screen.
        case title
        /// Plain words.
        case text
        /// Something went wrong or is dangerous: must not be missed.
        case warning
        /// Label and value in pairs.
        case card([Row])
        /// Numbered answers. At a kiosk 更多 has the key "8"; 9 人工帮助 and 0 返回 are always there and not among them.
        case options([Shown])
        /// Rows under columns, as a query answers. Where the columns do not fit side by side, show each row as a card.
        case table(Table)
        /// A text to show as a QR code, with the text itself below it.
        case code
        /// Which other words work here; small print.
        case hint
    }

    package struct Row: Sendable, Equatable {
        package var label: String
        package var value: String

        package init(label: String, value: String) {
            self.label = label
            self.value = value
        }
    }

    package struct Table: Sendable, Equatable, Codable {
        package var columns: [String]
        /// As many values in each as there are columns.
        package var rows: [[String]]

        package init(columns: [String], rows: [[String]]) {
            self.columns = columns
            self.rows = rows
        }

        /// Each row as a card, for a screen that is too narrow.
        package var cards: [[Row]] {
            rows.map { values in zip(columns, values).map { Row(label: $0, value: $1) } }
        }
    }

    package struct Shown: Sendable, Equatable {
        package var key: String
        package var label: String

        package init(key: String, label: String) {
            self.key = key
            self.label = label
        }
    }

    package var kind: Kind
    package var text: String

    package init(_ kind: Kind, _ text: String = "") {
        self.kind = kind
        self.text = text
    }
}

/// The result of one input.
package struct Step: Sendable, Equatable {
    /// How an input was taken; a script fails on anything but `.taken`.
    package enum Outcome: Sendable, Equatable {
        case taken
        /// The line meant nothing here, or did not fit its question.
        case notUnderstood
        /// The server said no.
        case refused
        case connectionLost
    }

    package var state: DialogueState
    package var effects: [Effect]
    package var messages: [Message]
    package var outcome: Outcome
}

/// Where a conversation takes place.
package enum Surface: Sendable, Equatable {
    /// A terminal of one's own: what is unfinished can be kept, files have paths.
    case chatbot
    /// A terminal in a public place: at most 6 choices a page, 8 更多, 9 人工帮助, 0 返回; nothing is kept; the front end
    /// chooses files, prints, and signs people in by its own means.
    case kiosk

    /// Choices shown before 更多.
    package var choicesPerPage: Int { self == .kiosk ? 6 : Limit.choicesPerPage }
    /// The key of 更多; nil where it takes the last number of the page.
    var moreKey: String? { self == .kiosk ? "8" : nil }
    /// The key of 人工帮助; nil where only the word works.
    var humanKey: Int? { self == .kiosk ? 9 : nil }
}

/// What the conversation is about: the menus and the numbers that a place uses.
package struct Definition: Sendable, Equatable {
    package var menus: MenuBook
    /// Who answers when the program cannot help.
    package var hotline: Text
    package var surface: Surface
    /// Choices shown before 更多: 9 in a terminal, 6 at a kiosk.
    package var choicesPerPage: Int
    /// The service centre in which the conversation takes place, `halls/{id}`; empty where it is in none.
    package var hall: String

    package init(
        menus: MenuBook, hotline: Text = Definition.hotline12345, surface: Surface = .chatbot,
        choicesPerPage: Int? = nil, hall: String = ""
    ) {
        self.menus = menus
        self.hotline = hotline
        self.surface = surface
        self.choicesPerPage = choicesPerPage ?? surface.choicesPerPage
        self.hall = hall
    }

    /// The government hotline, the same number in all of China.
    package static let hotline12345 = hotlineText("12345")

    /// Who answers at `number`, and the numbers for emergencies.
    package static func hotlineText(_ number: String) -> Text {
        let number = number.isEmpty ? "12345" : number
        return Text(
            "请打 \(number) 热线，有人接听。紧急情况：报警 110，火警 119，急救 120。",
            "Please call \(number). Emergencies: police 110, fire 119, ambulance 120.")
    }
}

/// Limits of the conversation.
package enum Limit {
    /// Choices on one screen before 更多.
    package static let choicesPerPage = 9
    /// Answers that do not fit before a way out is offered.
    package static let misses = 3
    /// Characters in one line.
    package static let lineCharacters = 2_000
    /// How long an unfinished conversation can be taken up again.
    package static let draftSeconds: Int64 = 24 * 3_600
    /// Screens inside screens; the oldest but the main menu is dropped beyond this.
    package static let depth = 20
    /// Characters in the line of an address.
    package static let addressCharacters = 100
    /// Characters of a search; the server takes no more.
    package static let searchCharacters = 40
    /// Best guesses offered for free words.
    package static let guesses = 3
}
