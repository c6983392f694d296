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
    /// Leave the program.
    case quit
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
        /// Numbered answers.
        case options([Shown])
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

/// What the conversation is about: the menus and the numbers that a place uses.
package struct Definition: Sendable, Equatable {
    package var menus: MenuBook
    /// Who answers when the program cannot help.
    package var hotline: Text
    /// Choices shown before 更多: 9 in a terminal, fewer on a kiosk.
    package var choicesPerPage: Int

    package init(
        menus: MenuBook, hotline: Text = Definition.hotline12345, choicesPerPage: Int = Limit.choicesPerPage
    ) {
        self.menus = menus
        self.hotline = hotline
        self.choicesPerPage = choicesPerPage
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
    /// Best guesses offered for free words.
    package static let guesses = 3
}
