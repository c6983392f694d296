internal import ArgumentParser
internal import Client
internal import Dialogue
internal import Foundation
internal import Kernel

/// The residents' chatbot.
@main
struct LinliCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "linli",
        abstract: "邻里：居民办事聊天程序。Linli: the residents' chatbot.",
        discussion: """
            例子 Examples:
              linli                                   开始聊 begin
              linli --lang en                         用英语 in English
              linli --server linli.example.cn:7443    连到别的服务器 another server
              printf '3\\n租房提取公积金\\n' | linli      从脚本输入 from a script

            设置的先后 Settings, first wins: 参数 flags；环境变量 LINLI_SERVER, LINLI_ROOT_CERTIFICATE, LINLI_LANG,
            LINLI_SESSION_FILE, LINLI_DATA_DIRECTORY；文件 ~/.config/linli/config。
            退出码 Exit codes: 0 好 fine；1 脚本里有一行没被接受 a script's line was not accepted；64 参数错 usage；
            75 连不上服务器 server not reached；130 中断 interrupted。
            """)

    @ArgumentParser.Option(name: .long, help: "服务器，主机:端口。The server as host:port.")
    var server: String?

    @ArgumentParser.Option(
        name: .customLong("root-certificate"), help: "信任的根证书（PEM 文件）。The root to trust, a PEM file.",
        completion: .file(extensions: ["pem", "crt"]))
    var rootCertificate: String?

    @ArgumentParser.Option(
        name: .long, help: "语言，zh 或 en。The language.", completion: .list(["zh", "en"]))
    var lang: String?

    @ArgumentParser.Option(
        name: .customLong("session-file"), help: "登录状态存在哪里。Where the session is kept.", completion: .file())
    var sessionFile: String?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let session: ClientSession
        do {
            let configuration = try ClientConfiguration(
                flags: .init(
                    server: server, rootCertificate: rootCertificate, language: lang, sessionFile: sessionFile
                ),
                environment: environment, sessionName: "resident-session")
            session = try ClientSession(configuration: configuration)
        } catch {
            Self.complain("\(error)")
            throw ExitCode(64)
        }
        let ending = await Program(session: session, environment: environment).run()
        if ending != .done { throw ExitCode(ending.rawValue) }
    }

    static func complain(_ text: String) {
        FileHandle.standardError.write(Data(("linli: " + text + "\n").utf8))
    }
}

/// Puts terminal, desk and kept state together and runs the conversation.
struct Program {
    let session: ClientSession
    let environment: [String: String]

    func run() async -> Conversation.Ending {
        let language = session.language
        let desk = ResidentDesk(session: session)
        let definition: Definition
        let person: Person?
        let greeting: Text
        do {
            (definition, greeting) = try await desk.definition(in: language)
            person = try await desk.currentPerson()
        } catch {
            LinliCommand.complain(error.text)
            guard error.kind == .connectionLost else { return .failed }
            LinliCommand.complain(Phrases.whereTried(session.configuration.server)[language])
            return .unreachable
        }
        let terminal = makeTerminal()
        defer { terminal.close() }
        let kept = KeptState(path: session.configuration.sessionFile + ".draft")
        var state = kept.load() ?? DialogueState(language: language)
        state.resume(as: person, in: language)
        let layout = Layout(columns: terminal.columns, hasStyle: hasStyle(terminal))
        terminal.write(layout.lines([Message(.text, greeting[language])]).joined(separator: "\n") + "\n")
        let conversation = Conversation(
            reducer: Reducer(definition: definition), state: state, desk: desk, terminal: terminal,
            environment: .system(), hasStyle: hasStyle(terminal), keep: { kept.save($0) })
        return await conversation.run()
    }

    private func makeTerminal() -> any Terminal {
        if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, let terminal = LineTerminal() {
            return terminal
        }
        return ScriptTerminal(columns: environment["COLUMNS"].flatMap { Int($0) } ?? 80)
    }

    private func hasStyle(_ terminal: any Terminal) -> Bool {
        terminal.isInteractive && environment["TERM"] != "dumb" && (environment["NO_COLOR"] ?? "").isEmpty
    }
}

/// The unfinished conversation of the person who last used this session file.
struct KeptState: Sendable {
    private let file: PrivateFile
    private let clock = SystemClock()

    init(path: String) {
        file = PrivateFile(path: path)
    }

    /// Nil if there is none that can be gone on with; what cannot be read is no reason not to begin.
    func load() -> DialogueState? {
        do {
            guard let bytes = try file.read() else { return nil }
            return try Draft.state(from: bytes, now: clock.now())
        } catch Draft.Problem.expired {
            file.remove()
            return nil
        } catch {
            LinliCommand.complain("\(error)")
            return nil
        }
    }

    func save(_ state: DialogueState) {
        do {
            if state.isOver, !state.isUnfinished { return file.remove() }
            try file.write(try Draft.bytes(of: state, now: clock.now()))
        } catch { LinliCommand.complain("\(error)") }
    }
}
