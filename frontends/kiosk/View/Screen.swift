internal import Dialogue
internal import Kernel

/// How the person in front of the kiosk wants to see it.
struct Look: Sendable, Equatable {
    var language: Language = .chinese
    /// 大字: lines and choices stand further apart, and characters of titles too.
    var isLarge: Bool = false
    /// 高对比: white and yellow on black.
    var isContrast: Bool = false
    /// 朗读: each screen is said as well.
    var isSpoken: Bool = false
}

/// A key, whether it was pressed or its place on the screen was touched.
enum Key: Sendable, Equatable {
    case character(Character)
    case enter, backspace, escape, tab
    case up, down, left, right
    case pageUp, pageDown
    /// Ctrl-C.
    case interrupt
    /// F1 to F12.
    case function(Int)
    /// One that means nothing here; somebody is there all the same.
    case other
}

/// Everything that one screen shows.
struct Screen: Sendable, Equatable {
    /// Something to read.
    enum Block: Sendable, Equatable {
        case text(String)
        case warning(String)
        case small(String)
        case rows([Message.Row])
        /// A text as QR code, with what to do with it.
        case code(String)
    }

    struct Choice: Sendable, Equatable {
        var key: String
        var label: String
    }

    var look: Look
    /// Where the kiosk stands.
    var place: String = ""
    /// 10:05.
    var time: String = ""
    /// Who is signed in, masked; empty for nobody.
    var person: String = ""
    var title: String = ""
    var blocks: [Block] = []
    var choices: [Choice] = []
    var entry: EntryView?
    /// First line of the text that is shown, where it does not fit.
    var scroll: Int = 0
    /// Said across the bottom: a countdown, or that something takes its time.
    var notice: String = ""
    /// `notice` is a warning.
    var isUrgent: Bool = false
    /// Words that answer a question, by function keys.
    var words: [Choice] = []
    /// The first page can be gone to.
    var hasHome: Bool = false
    /// There is something that can read aloud.
    var canSpeak: Bool = false
    /// Somebody is there who can leave.
    var canFinish: Bool = false
    /// The answer to what was chosen or typed is still to come: there is nothing to answer yet.
    var isWaiting: Bool = false
    /// Nothing can be done here now.
    var isClosed: Bool = false
    /// The number for people who need a person.
    var hotline: String = ""
}

/// The line that is being typed, as the screen shows it.
struct EntryView: Sendable, Equatable {
    /// Already masked if it is secret.
    var text: String
    var keyboard: Keyboard
    /// Letters that wait to become Chinese.
    var pinyin: String = ""
    /// Numbered from 1.
    var candidates: [String] = []
    var hasEarlierCandidates: Bool = false
    var hasMoreCandidates: Bool = false
    /// Letters and pinyin may take turns.
    var canSwitch: Bool = false

    /// How to type here.
    var hint: Text {
        switch keyboard {
        case .digits(signs: "-"): Phrases.dateMode
        case .digits: Phrases.digitsMode
        case .latin: Phrases.latinMode
        case .chinese: Phrases.chineseMode
        }
    }
}

/// What can be typed.
enum Keyboard: Sendable, Equatable {
    /// Digits, and these signs.
    case digits(signs: String)
    case latin
    case chinese
}

/// The drawn screen, and which key is touched where.
struct Picture: Sendable, Equatable {
    struct Area: Sendable, Equatable {
        var rows: Range<Int>
        var columns: Range<Int>
        var key: Key
    }

    var grid: Grid
    var areas: [Area] = []
    /// The first line of the text that is really shown: no further than its end.
    var firstLine: Int = 0
    /// Lines of text that did not fit below what is shown.
    var linesBelow: Int = 0

    func key(atRow row: Int, column: Int) -> Key? {
        areas.last { $0.rows.contains(row) && $0.columns.contains(column) }?.key
    }
}
