import Contract
import Foundation
import Kernel
import Platform
import RPC
import Testing

@testable import linlid

@Suite struct ResidentSignInTests {
    private let phone: String = "10000000001"

    @Test func aResidentRegistersAndIsKnown() async throws {
        try await TestServer.run { test in
            let session: PlatformV1.Session = try await test.register(phone)
            #expect(session.token.utf8.count == 43)
            let me: PlatformV1.Me = try await test.identity.getMe(.init(), options: session.options)
            #expect(me.displayName == "张晓明")
            #expect(me.maskedPhone == "100****0001")
            #expect(me.level == .phone)
            #expect(me.kind == .resident)
            #expect(me.synthetic)
        }
    }

    @Test func neitherPhoneNorNameNorTokenIsStoredInTheClear() async throws {
        try await TestServer.run { test in
            let session: PlatformV1.Session = try await test.register(phone)
            var bytes: Data = Data()
            for file in ["linli.sqlite", "linli.sqlite-wal"] {
                bytes += (try? Data(contentsOf: URL(filePath: "\(test.path)/\(file)"))) ?? Data()
            }
            #expect(bytes.range(of: Data("张*明".utf8)) != nil)
            for secret in [phone, "张晓明", session.token, "correct horse"] {
                #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(secret) stands in the store")
            }
        }
    }

    @Test func aRepeatedRegistrationGetsTheSameAccount() async throws {
        try await TestServer.run { test in
            let request: PlatformV1.RegisterResidentRequest = PlatformV1.RegisterResidentRequest(
                phone: phone, code: try await test.newCode(phone, .register), fullName: "张晓明",
                password: "correct horse", requestID: newRequestID())
            let first: PlatformV1.Session = try await test.identity.registerResident(request)
            let second: PlatformV1.Session = try await test.identity.registerResident(request)
            #expect(first.me?.name == second.me?.name)
            #expect(!second.token.isEmpty)
            var other: PlatformV1.RegisterResidentRequest = request
            other.fullName = "李四"
            let error: RPCError = try await refusal { try await test.identity.registerResident(other) }
            #expect(error.reason == "REQUEST_ID_REUSED")
        }
    }

    @Test func aTakenPhoneIsRefusedLikeAWrongCode() async throws {
        try await TestServer.run { test in
            _ = try await test.register(phone)
            test.clock.advance(seconds: 61)
            func attempt(_ phone: String) async throws -> RPCError {
                _ = try await test.identity.sendCode(.init(phone: phone, purpose: .register))
                return try await refusal {
                    try await test.identity.registerResident(
                        .init(
                            phone: phone, code: "123456", fullName: "李四", password: "correct horse",
                            requestID: newRequestID()))
                }
            }
            let taken: RPCError = try await attempt(phone)
            let free: RPCError = try await attempt("10000000002")
            #expect(taken.code == .invalidArgument)
            #expect(taken.reason == "CODE_REFUSED")
            #expect(taken == free)
            // The owner of the phone is told, nobody else.
            let texts: String = try String(contentsOfFile: test.path + "/outbox-sms.jsonl", encoding: .utf8)
            #expect(texts.contains("已注册"))
        }
    }

    @Test func signInNeedsCodeAndPasswordAndSaysNothingElse() async throws {
        try await TestServer.run { test in
            _ = try await test.register(phone)
            let code: String = try await test.newCode(phone, .signIn, count: 2)
            func signIn(_ phone: String, _ code: String, _ password: String) async throws
                -> PlatformV1.Session
            {
                try await test.identity.signInResident(.init(phone: phone, code: code, password: password))
            }
            let wrongPassword: RPCError = try await refusal { try await signIn(phone, code, "wrong horse") }
            let wrongCode: RPCError = try await refusal { try await signIn(phone, "000000", "correct horse") }
            let nobody: RPCError = try await refusal {
                try await signIn("10000000009", "000000", "correct horse")
            }
            #expect(wrongPassword.code == .unauthenticated)
            #expect(wrongPassword == wrongCode)
            #expect(wrongPassword == nobody)
            let session: PlatformV1.Session = try await signIn(phone, code, "correct horse")
            #expect(session.me?.displayName == "张晓明")
            let again: RPCError = try await refusal { try await signIn(phone, code, "correct horse") }
            #expect(again == wrongCode, "a code works once")
        }
    }

    @Test func aCodeServesItsPurposeForFiveMinutesAndFiveTries() async throws {
        try await TestServer.run { test in
            func register(_ code: String) async throws -> PlatformV1.Session {
                try await test.identity.registerResident(
                    .init(
                        phone: phone, code: code, fullName: "张晓明", password: "correct horse",
                        requestID: newRequestID()))
            }
            let other: String = try await test.newCode(phone, .verifyIdentity)
            #expect(try await refusal { try await register(other) }.reason == "CODE_REFUSED")

            test.clock.advance(seconds: 61)
            let old: String = try await test.newCode(phone, .register, count: 2)
            test.clock.advance(seconds: Int64(IdentityLimits.codeLifetimeSeconds))
            #expect(try await refusal { try await register(old) }.reason == "CODE_REFUSED")

            let guessed: String = try await test.newCode(phone, .register, count: 3)
            let wrong: String = guessed == "111111" ? "222222" : "111111"
            for _ in 0..<IdentityLimits.codeTries {
                test.clock.advance(seconds: 20)
                #expect(try await refusal { try await register(wrong) }.reason == "CODE_REFUSED")
            }
            test.clock.advance(seconds: 20)
            #expect(try await refusal { try await register(guessed) }.reason == "CODE_REFUSED")
        }
    }

    @Test func codesAreNotSentTooOften() async throws {
        try await TestServer.run { test in
            let request: PlatformV1.SendCodeRequest = .init(phone: phone, purpose: .register)
            let answer: PlatformV1.SendCodeResponse = try await test.identity.sendCode(request)
            #expect(answer.resendAfterSeconds == 60)
            let error: RPCError = try await refusal { try await test.identity.sendCode(request) }
            #expect(error.code == .resourceExhausted)
            #expect(error.reason == "CODE_TOO_SOON")
            #expect(error.retrySeconds == 60)
            for _ in 1..<IdentityLimits.codesPerPhoneAndPlaceHourly {
                test.clock.advance(seconds: 60)
                _ = try await test.identity.sendCode(request)
            }
            test.clock.advance(seconds: 60)
            let many: RPCError = try await refusal { try await test.identity.sendCode(request) }
            #expect(many.reason == "TOO_MANY_CODES")
            _ = try await test.identity.sendCode(.init(phone: "10000000002", purpose: .register))
        }
    }

    @Test func signingOutEndsTheSessionAtOnce() async throws {
        try await TestServer.run { test in
            let first: PlatformV1.Session = try await test.register(phone)
            let code: String = try await test.newCode(phone, .signIn, count: 2)
            let second: PlatformV1.Session = try await test.identity.signInResident(
                .init(phone: phone, code: code, password: "correct horse"))
            let list: PlatformV1.ListSessionsResponse = try await test.identity.listSessions(
                .init(), options: first.options)
            #expect(list.sessions.map(\.name) == [second.name, first.name])
            #expect(list.sessions.allSatisfy { $0.token.isEmpty })

            _ = try await test.identity.signOut(.init(), options: second.options)
            let ended: RPCError = try await refusal {
                try await test.identity.getMe(.init(), options: second.options)
            }
            #expect(ended.reason == "SESSION_ENDED")
            _ = try await test.identity.getMe(.init(), options: first.options)
            let all: PlatformV1.SignOutEverywhereResponse = try await test.identity.signOutEverywhere(
                .init(), options: first.options)
            #expect(all.endedSessions == 1)
            let gone: RPCError = try await refusal {
                try await test.identity.getMe(.init(), options: first.options)
            }
            #expect(gone.code == .unauthenticated)
        }
    }

    @Test func aSessionEndsWithoutUse() async throws {
        try await TestServer.run { test in
            let session: PlatformV1.Session = try await test.register(phone)
            test.clock.advance(seconds: SessionPolicy.resident.idleSeconds - 1)
            _ = try await test.identity.getMe(.init(), options: session.options)
            test.clock.advance(seconds: 1)
            let error: RPCError = try await refusal {
                try await test.identity.getMe(.init(), options: session.options)
            }
            #expect(error.reason == "SESSION_ENDED")
        }
    }

    @Test func anIDNumberRaisesTheLevel() async throws {
        try await TestServer.run { test in
            let session: PlatformV1.Session = try await test.register(phone)
            let birth = try #require(CivilDate(year: 1980, month: 2, day: 29))
            let number: IDNumber = IDNumber(syntheticBornOn: birth, sequence: 7)
            let code: String = try await test.newCode(phone, .verifyIdentity, count: 2)
            func verify(_ name: String, _ number: String) async throws -> PlatformV1.Me {
                try await test.identity.verifyIdentity(
                    .init(idNumber: number, fullName: name, code: code, requestID: newRequestID()),
                    options: session.options)
            }
            #expect(try await refusal { try await verify("李四", number.text) }.reason == "IDENTITY_REFUSED")
            let changed: String = String(number.text.dropLast()) + (number.text.last == "1" ? "2" : "1")
            #expect(try await refusal { try await verify("张晓明", changed) }.code == .invalidArgument)
            let me: PlatformV1.Me = try await verify("张晓明", number.text)
            #expect(me.level == .idNumber)
        }
    }

    @Test func aNewPasswordEndsTheOtherSessions() async throws {
        try await TestServer.run { test in
            let first: PlatformV1.Session = try await test.register(phone)
            let code: String = try await test.newCode(phone, .signIn, count: 2)
            let second: PlatformV1.Session = try await test.identity.signInResident(
                .init(phone: phone, code: code, password: "correct horse"))
            let wrong: RPCError = try await refusal {
                try await test.identity.changePassword(
                    .init(oldPassword: "wrong horse", newPassword: "battery staple"), options: second.options)
            }
            #expect(wrong.reason == "PASSWORD_REFUSED")
            _ = try await test.identity.changePassword(
                .init(oldPassword: "correct horse", newPassword: "battery staple"), options: second.options)
            _ = try await test.identity.getMe(.init(), options: second.options)
            let ended: RPCError = try await refusal {
                try await test.identity.getMe(.init(), options: first.options)
            }
            #expect(ended.reason == "SESSION_ENDED")
        }
    }

    @Test func wrongPasswordsDelayThePairWithATimeToWait() async throws {
        try await TestServer.run { test in
            _ = try await test.register(phone)
            let code: String = try await test.newCode(phone, .signIn, count: 2)
            func wrong() async throws -> RPCError {
                try await refusal {
                    try await test.identity.signInResident(
                        .init(phone: phone, code: code, password: "wrong horse"))
                }
            }
            for _ in 0..<IdentityLimits.freeAttemptsPerAccountAndPlace {
                #expect(try await wrong().reason == "SIGN_IN_REFUSED")
            }
            #expect(try await wrong().reason == "SIGN_IN_REFUSED")
            let delayed: RPCError = try await wrong()
            #expect(delayed.reason == "TOO_MANY_ATTEMPTS")
            #expect(delayed.retrySeconds == 1)
            test.clock.advance(seconds: 1)
            let session: PlatformV1.Session = try await test.identity.signInResident(
                .init(phone: phone, code: code, password: "correct horse"))
            #expect(session.me?.maskedPhone == "100****0001")
        }
    }
}
