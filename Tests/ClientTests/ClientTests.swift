import Contract
import Dialogue
import Foundation
import Kernel
import RPC
import Testing

@testable import Client

/// A folder for one test, gone afterwards.
struct Folder: ~Copyable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "linli-client-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        let folder = URL(filePath: file).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }
}

@Suite("Settings of a front end")
struct ClientConfigurationTests {
    @Test("flag before environment before file before standard")
    func precedence() throws {
        let folder = try Folder()
        _ = try folder.write("# mine\nserver = file:1\nlang = en\n", to: "linli/config")
        var environment = ["HOME": folder.path, "XDG_CONFIG_HOME": folder.path]
        let make = { (flags: ClientConfiguration.Flags, environment: [String: String]) in
            try ClientConfiguration(flags: flags, environment: environment, sessionName: "resident-session")
        }
        #expect(try make(.init(), ["HOME": folder.path]).server == "localhost:7443")
        #expect(try make(.init(), environment).server == "file:1")
        #expect(try make(.init(), environment).language == .english)
        environment["LINLI_SERVER"] = "variable:2"
        #expect(try make(.init(), environment).server == "variable:2")
        #expect(try make(.init(server: "flag:3", language: "zh"), environment).server == "flag:3")
        #expect(try make(.init(language: "zh"), environment).language == .chinese)
        #expect(
            try make(.init(), environment).sessionFile == folder.path + "/.local/state/linli/resident-session"
        )
    }

    @Test("a server on this machine says where it is")
    func localServer() throws {
        let folder = try Folder()
        let root = try folder.write("pem", to: "root.pem")
        _ = try folder.write(
            #"{"host":"127.0.0.1","port":"4711","rootCertificate":"\#(root)","metricsPort":""}"#,
            to: "linlid.json")
        let environment = ["HOME": folder.path, "LINLI_DATA_DIRECTORY": folder.path]
        let configuration = try ClientConfiguration(
            flags: .init(), environment: environment, sessionName: "s")
        #expect(configuration.server == "localhost:4711")
        #expect(configuration.rootCertificate == root)
        #expect(throws: ClientConfiguration.Problem.self) {
            try ClientConfiguration(
                flags: .init(), environment: ["HOME": "/", "LINLI_DATA_DIRECTORY": "/nowhere"],
                sessionName: "s")
        }
    }

    @Test(
        "addresses",
        arguments: [("a:1", "a", 1), ("a", "a", 7443), ("[::1]:9", "::1", 9), ("[::1]", "::1", 7443)])
    func addresses(text: String, host: String, port: Int) throws {
        let address = try ClientConfiguration.address(text)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(
        "what is no address is refused",
        arguments: ["", ":1", "a:0", "a:65536", "a:b", "a:1:2", "https://a", "[::1", "[]:1"])
    func badAddresses(text: String) {
        #expect(throws: ClientConfiguration.Problem.self) { try ClientConfiguration.address(text) }
    }

    @Test("slips in the file, unknown languages and missing certificates are named")
    func problems() throws {
        let folder = try Folder()
        _ = try folder.write("sever = a:1\n", to: "linli/config")
        let make = { (flags: ClientConfiguration.Flags, environment: [String: String]) in
            try ClientConfiguration(flags: flags, environment: environment, sessionName: "s")
        }
        #expect(throws: ClientConfiguration.Problem.self) {
            try make(.init(), ["XDG_CONFIG_HOME": folder.path])
        }
        #expect(throws: ClientConfiguration.Problem.self) { try make(.init(language: "fr"), [:]) }
        #expect(throws: ClientConfiguration.Problem.self) {
            try make(.init(rootCertificate: "/nowhere.pem"), [:])
        }
    }
}

@Suite("Private files")
struct PrivateFileTests {
    @Test("written for the owner alone, and read back")
    func roundTrip() throws {
        let folder = try Folder()
        let file = PrivateFile(path: folder.path + "/deep/session")
        #expect(try file.read() == nil)
        try file.write(Array("token".utf8))
        try file.write(Array("another".utf8))
        #expect(try file.read() == Array("another".utf8))
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/deep") == ["session"])
        file.remove()
        #expect(try file.read() == nil)
    }

    @Test("a file that others can read is refused, with what to do")
    func permissions() throws {
        let folder = try Folder()
        let path = try folder.write("token", to: "session")
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let problem = #expect(throws: PrivateFile.Problem.self) { try PrivateFile(path: path).read() }
        #expect(problem?.zh.contains("chmod 600 \(path)") == true)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        #expect(try PrivateFile(path: path).read() == Array("token".utf8))
    }

    @Test("a link is not followed")
    func link() throws {
        let folder = try Folder()
        let target = try folder.write("x", to: "target")
        let link = folder.path + "/session"
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
        #expect(throws: PrivateFile.Problem.self) { try PrivateFile(path: link).read() }
    }
}

@Suite("Explaining a failed call")
struct ExplanationTests {
    static func error(_ code: StatusCode, _ details: [GoogleProtobuf.AnyMessage]) -> RPCError {
        let status = GoogleRPC.Status(code: Int32(code.rawValue), message: "m", details: details)
        return RPCError(code: code, message: "m", details: status.encodedBytes())
    }
    static func any<M: RPC.Message>(_ message: M) -> GoogleProtobuf.AnyMessage {
        .init(typeUrl: "type.googleapis.com/" + M.protoName, value: message.encodedBytes())
    }

    @Test("the server's words come first, with reason, fields and time to wait")
    func details() {
        let error = Self.error(
            .resourceExhausted,
            [
                Self.any(GoogleRPC.ErrorInfo(reason: "CODE_TOO_OFTEN", domain: "linli")),
                Self.any(GoogleRPC.LocalizedMessage(locale: "zh-CN", message: "验证码发得太多了。")),
                Self.any(GoogleRPC.RetryInfo(retryDelay: .init(seconds: 30, nanos: 1))),
                Self.any(GoogleRPC.BadRequest(fieldViolations: [.init(field: "phone", description: "太频繁")])),
            ])
        let why = Explanation(error, in: .chinese)
        #expect(why.reason == "CODE_TOO_OFTEN")
        #expect(why.text == "验证码发得太多了。请 31 秒后再试。")
        #expect(why.retryAfterSeconds == 31)
        #expect(why.fields == [.init(field: "phone", text: "太频繁")])
        #expect(why.isTemporary)
    }

    @Test(
        "without details, or with broken ones, the code speaks in both languages",
        arguments: StatusCode.allCases)
    func codes(code: StatusCode) {
        for language in Language.allCases {
            #expect(!Explanation(RPCError(code: code, message: "m"), in: language).text.isEmpty)
            let broken = RPCError(code: code, message: "m", details: [0xFF, 0xFF])
            #expect(!Explanation(broken, in: language).text.isEmpty)
        }
    }
}

@Suite("From the contract to the screens")
struct ViewTests {
    @Test("menus: children below their parents, unknown actions left out")
    func menus() {
        let menu = PlatformV1.Menu(
            version: 1,
            entries: [
                .init(id: "report", label: .init(zh: "上报", en: "Report"), action: "flow:report"),
                .init(id: "future", label: .init(zh: "将来", en: ""), action: "flow:teleport"),
                .init(id: "more", label: .init(zh: "其他", en: "More")),
                .init(id: "account", parent: "more", label: .init(zh: "账号", en: ""), action: "flow:account"),
            ], hotline: "12345")
        let book = MenuBook(menu, title: Text("主菜单"))
        #expect(book.missingMenus.isEmpty)
        #expect(book[book.root]?.entries.map(\.label.zh) == ["上报", "其他"])
        #expect(book["more"]?.entries.map(\.target) == [.flow("account")])
    }

    @Test("limits of services stand side by side, and nothing is invented")
    func limits() {
        let item = OneStopV1.Item(
            statutoryLimit: .init(value: 20, unit: .workingDay),
            promisedLimit: .init(value: 5, unit: .calendarDay))
        #expect(ServiceView(item).statutoryLimit?.zh == "20 个工作日")
        #expect(ServiceView(item).promisedLimit?.zh == "5 天")
        #expect(ServiceView(.init()).promisedLimit == nil)
        #expect(Text(limit: .init(value: 3, unit: .unspecified)) == nil)
        #expect(Text(limit: .init(value: 0, unit: .workingDay)) == nil)
        #expect(ServiceView(.init(immediate: true)).isImmediate)
    }

    @Test("a question of the server keeps its kind, bounds, conditions and known answer")
    func questions() throws {
        let form = OneStopV1.GetFormResponse(
            form: .init(
                item: "items/1", title: "小学生入学", revision: 3,
                questions: [
                    .init(id: "born", prompt: .init(zh: "出生日期？"), kind: .date, latestDate: "2020-08-31"),
                    .init(
                        id: "bank", prompt: .init(zh: "卡号？"), kind: .bankAccount, optional: true,
                        shownIf: [.init(question: "age:born", operator: .atLeast, values: ["6"])],
                        sensitive: true),
                    .init(id: "later", kind: .unrecognized(99)),
                ]),
            knownAnswers: [.init(question: "bank", shown: "****1234", origin: .init(zh: "居住证"))],
            applicantText: "王**")
        let view = FormView(form, mandate: "mandates/7")
        #expect(view.questions.map(\.id) == ["born", "bank"])
        #expect(view.questions[0].kind == .date(latest: "2020-08-31"))
        let bank = view.questions[1]
        #expect(bank.isSensitive)
        #expect(bank.isOptional)
        #expect(bank.conditions == [.init(question: "age:born", .atLeast, values: ["6"])])
        #expect(bank.offer == .init(shown: "****1234", origin: Text("居住证")))
        #expect(view.applicant == "王**")
    }

    @Test(
        "a field of a refusal names its question",
        arguments: [
            "school", "answers.school", "answers[school]", "answers[school].value", "parameters.school",
        ])
    func fields(path: String) {
        #expect(ResidentDesk.question(path) == "school")
    }

    @Test("files are looked at before they are sent: kind, size, whether they are there")
    func attachments() throws {
        let folder = try Folder()
        let pdf = try folder.write("%PDF-1.7\n", to: "证明.pdf")
        let file = try Attachment(path: pdf, contentTypes: ["application/pdf"], in: .chinese)
        #expect(file.contentType == "application/pdf")
        #expect(file.shown == "证明.pdf（1 KB）")
        #expect(throws: Failure.self) {
            try Attachment(path: pdf, contentTypes: ["image/jpeg"], in: .chinese)
        }
        #expect(throws: Failure.self) { try Attachment(path: folder.path, contentTypes: [], in: .chinese) }
        #expect(throws: Failure.self) { try Attachment(path: pdf + "x", contentTypes: [], in: .chinese) }
        let empty = try folder.write("", to: "empty.pdf")
        #expect(throws: Failure.self) { try Attachment(path: empty, contentTypes: [], in: .chinese) }
        for (size, isTaken) in [(10 * 1_024 * 1_024, true), (10 * 1_024 * 1_024 + 1, false)] {
            var data = Data("%PDF-".utf8)
            data.append(Data(count: size - 5))
            try data.write(to: URL(filePath: pdf))
            if isTaken {
                _ = try Attachment(path: pdf, contentTypes: [], in: .chinese)
            } else {
                #expect(throws: Failure.self) { try Attachment(path: pdf, contentTypes: [], in: .chinese) }
            }
        }
    }

    @Test("a resend of a report uploads its photo under the same id")
    func uploadID() {
        let id = Environment.fixed(at: Instant(milliseconds: 0)).newID().description
        #expect(Photo.uploadID(for: id) == Photo.uploadID(for: id))
        #expect(Photo.uploadID(for: id) != id)
        #expect(ID(Photo.uploadID(for: id)) != nil)
    }

    @Test("photos are looked at before they are taken")
    func photos() throws {
        let folder = try Folder()
        let text = try folder.write("not a photo", to: "a.jpg")
        #expect(throws: Failure.self) { try Photo.inspect(text, in: .chinese) }
        #expect(throws: Failure.self) { try Photo.inspect(folder.path + "/none.jpg", in: .chinese) }
        let photo = folder.path + "/b.jpg"
        for (size, isTaken) in [(10 * 1_024 * 1_024, true), (10 * 1_024 * 1_024 + 1, false)] {
            var data = Data([0xFF, 0xD8, 0xFF])
            data.append(Data(count: size - 3))
            try data.write(to: URL(filePath: photo))
            if isTaken {
                #expect(try Photo.inspect(photo, in: .chinese) == .photo(path: photo, sizeBytes: Int64(size)))
            } else {
                #expect(throws: Failure.self) { try Photo.inspect(photo, in: .chinese) }
            }
        }
    }
}
