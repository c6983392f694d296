/// Why the server does not start, and what to do about it.
struct StartProblem: Error, CustomStringConvertible {
    let what: String
    let todo: String
    /// 1 failed, 64 usage, 75 try again (sysexits.h).
    var exitCode: Int32 = 1

    var description: String { "\(what)\n        \(todo)" }
}
