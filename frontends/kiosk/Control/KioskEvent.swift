internal import Dialogue
internal import Kernel

/// Something that happened at the kiosk.
enum KioskEvent: Sendable, Equatable {
    case key(Key)
    /// A scanner read a code.
    case scanned(String)
    /// Time goes by; several times a second.
    case tick
    /// The server has told what the kiosk offers.
    case ready(Definition, greeting: Text)
    case station(Station)
    /// The server cannot be reached, or can be again.
    case reachable(Bool)
    /// An answer for the conversation.
    case dialogue(Input)
    case signIn(SignInEvent)
    case card(CardEvent)
    /// Files that may be chosen, newest first.
    case materials([Material])
    case printed(PrintOutcome)
}

/// What the heartbeat tells the kiosk about itself.
struct Station: Sendable, Equatable {
    /// Place in words.
    var place: String = ""
    var hotline: String = ""
    /// Why it is locked; nil if it is not.
    var lock: String?
    /// The server does not know this device, or there is none to know.
    var problem: String = ""
}

/// What came of a step of signing in.
enum SignInEvent: Sendable, Equatable {
    case codeSent(minutes: Int)
    case signedIn(Person)
    /// Show this code until somebody has confirmed it.
    case code(String)
    /// Nobody confirmed in time.
    case codeExpired
    case failed(Failure)
}

/// What a reader of cards says.
enum CardEvent: Sendable, Equatable {
    case inserted(number: String, name: String)
    /// A card lay there already when the reader began: somebody forgot it.
    case left
    case removed
    /// The card was there, but could not be read to the end.
    case unreadable
    /// The reader is there and works, or not.
    case isWorking(Bool)
}

/// How printing ended.
enum PrintOutcome: Sendable, Equatable {
    case done
    case noPaper
    case failed
}

/// Something to do outside.
enum KioskAction: Sendable, Equatable {
    case call(Request)
    case watch(String)
    case follow(application: String)
    case stopWatching
    case sendCode(phone: String)
    case signInByPhone(phone: String, code: String)
    case signInByCard(number: String, name: String)
    case beginCode
    case stopCode
    case listMaterials(contentTypes: [String])
    case print(Printout)
    case printCertificate(String)
    /// Sign out at the server, wipe everything, begin anew.
    case end(Ending)
}

/// Why a session ended; said on the first screen of the next one, without anything about the person.
enum Ending: String, Sendable, Equatable, CaseIterable {
    case finished
    case idle
    case card
    case locked
    case connection
}
