import Contract
import Foundation
import Kernel
import RPC
import Testing

@testable import linlid

/// Kiosks with certificates of their own, and residents who sign in at them.
@Suite struct KioskTests {
    private let phone: String = "10000000031"
    private let idNumber: String = "14059919900101123X"
    private let root: String = "organizations/140500000000"

    @Test func aKioskIsKnownByItsCertificateAndHeartbeat() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            let device: Device = try await Device.make(test, "kiosk-a", by: admin)
            let unknown: RPCError = try await refusal {
                try await device.kiosks.sendHeartbeat(.init(version: "1"))
            }
            #expect(unknown.reason == "KIOSK_NOT_FOUND")
            try await device.register(by: admin, place: root)
            let answer: PlatformV1.SendHeartbeatResponse = try await device.kiosks.sendHeartbeat(
                .init(version: "1", receiptPrinter: .ok, paper: .empty))
            #expect(!answer.locked)
            #expect(answer.intervalSeconds == 60)
            #expect(answer.placeText == "晋城市")
            #expect(!answer.hotline.isEmpty)
            let shown: PlatformV1.Kiosk = try await device.admin.getKiosk(
                .init(name: "kiosks/kiosk-a"), options: admin.options)
            #expect(shown.online && shown.paper == .empty && shown.receiptPrinter == .ok)
            #expect(shown.version == "1")
            test.clock.advance(seconds: 299)
            #expect(try await device.shown(by: admin).online)
            test.clock.advance(seconds: 1)
            #expect(try await !device.shown(by: admin).online)
        }
    }

    @Test func onlyTheOnesThatNeedSomebodyAreListed() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            for (id, paper) in [
                ("kiosk-1", PlatformV1.PartState.ok), ("kiosk-2", .empty), ("kiosk-3", .low),
                ("kiosk-4", .ok),
            ] {
                let device: Device = try await Device.make(test, id, by: admin)
                try await device.register(by: admin, place: root)
                _ = try await device.kiosks.sendHeartbeat(
                    .init(version: "1", paper: paper))
            }
            let kiosks: PlatformV1.KioskServiceClient = .init(channel: test.channel)
            let all: [String] = try await kiosks.listKiosks(.init(pageSize: 2), options: admin.options)
                .kiosks.map(\.name)
            #expect(all == ["kiosks/kiosk-1", "kiosks/kiosk-2"])
            let bad: PlatformV1.ListKiosksResponse = try await kiosks.listKiosks(
                .init(attentionOnly: true), options: admin.options)
            #expect(bad.kiosks.map(\.name) == ["kiosks/kiosk-2", "kiosks/kiosk-3"])
            #expect(bad.nextPageToken.isEmpty)
        }
    }

    @Test func aPhoneAloneGivesLevelOneAndOnlyAtThisKiosk() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            let device: Device = try await Device.make(test, "kiosk-a", by: admin)
            try await device.register(by: admin, place: root)
            try await verified(test)
            let code: String = try await device.code(test, phone, count: 3)
            let wrong: RPCError = try await refusal {
                try await device.signIn.signInByPhone(
                    .init(phone: phone, code: code == "000000" ? "111111" : "000000"))
            }
            #expect(wrong.reason == "SIGN_IN_REFUSED")
            let session: PlatformV1.Session = try await device.signIn.signInByPhone(
                .init(phone: phone, code: code))
            #expect(session.me?.level == .phone)
            let me: PlatformV1.Me = try await device.identity.getMe(.init(), options: session.options)
            #expect(me.level == .phone, "the account's level is 2, the session's is not")
            // The token is good for nothing without the device's certificate.
            let stolen: RPCError = try await refusal {
                try await test.identity.getMe(.init(), options: session.options)
            }
            #expect(stolen.reason == "SESSION_ENDED")
            let again: RPCError = try await refusal {
                try await device.signIn.signInByPhone(.init(phone: phone, code: code))
            }
            #expect(again.reason == "SIGN_IN_REFUSED", "a code is used up")
        }
    }

    /// Who is told nothing but that the session has ended signs in again for ever.
    @Test func aPersonDoesNotGoWithTheCertificateOfAVendor() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            let vendor: Device = try await Device.make(test, "shop-a", kind: .vendor, by: admin)
            _ = try await test.register(phone)
            let code: String = try await vendor.code(test, phone, count: 2)
            let request: PlatformV1.SignInResidentRequest = .init(
                phone: phone, code: code, password: "correct horse")
            let atSignIn: RPCError = try await refusal { try await vendor.identity.signInResident(request) }
            #expect(atSignIn.reason == "CERTIFICATE_OF_VENDOR")
            test.clock.advance(seconds: 61)
            let own: String = try await test.newCode(phone, .signIn, count: 3)
            let session: PlatformV1.Session = try await test.identity.signInResident(
                .init(phone: phone, code: own, password: "correct horse"))
            let later: RPCError = try await refusal {
                try await vendor.identity.getMe(.init(), options: session.options)
            }
            #expect(later.reason == "CERTIFICATE_OF_VENDOR")
            let me: PlatformV1.Me = try await test.identity.getMe(.init(), options: session.options)
            #expect(me.kind == .resident)
        }
    }

    @Test func aCardOpensTheAccountThatWasVerifiedWithIt() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            let device: Device = try await Device.make(test, "kiosk-a", by: admin)
            try await device.register(by: admin, place: root)
            let unknown: RPCError = try await refusal { try await device.card(idNumber, "张晓明") }
            try await verified(test)
            let otherName: RPCError = try await refusal { try await device.card(idNumber, "李四") }
            #expect(unknown.reason == "CARD_REFUSED")
            #expect(unknown == otherName, "nothing tells whether there is an account")
            let session: PlatformV1.Session = try await device.card(idNumber, "张晓明")
            #expect(session.me?.level == .idNumber)
            // Not by a resident, not by somebody without a certificate.
            let stranger: RPCError = try await refusal {
                try await PlatformV1.KioskSignInServiceClient(channel: test.channel).signInByCard(
                    .init(idNumber: idNumber, fullName: "张晓明"))
            }
            #expect(stranger.code == .unauthenticated)
            // Somebody who tries cards is slowed down.
            var last: RPCError?
            for _ in 0..<7 { last = try await refusal { try await device.card(idNumber, "李四") } }
            #expect(last?.reason == "TOO_MANY_ATTEMPTS")
        }
    }

    @Test func aPersonConfirmsTheCodeThatTheKioskShows() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            let device: Device = try await Device.make(test, "kiosk-a", by: admin)
            try await device.register(by: admin, place: root)
            let resident: PlatformV1.Session = try await test.register(phone)
            let shown: PlatformV1.BeginQRSignInResponse = try await device.signIn.beginQRSignIn(.init())
            #expect(shown.code.count == 8)
            let own: PlatformV1.KioskSignInServiceClient = .init(channel: test.channel)
            let look: PlatformV1.ConfirmQRSignInResponse = try await own.confirmQRSignIn(
                .init(code: shown.code, validateOnly: true), options: resident.options)
            #expect(look.kioskText == "一号机（晋城市）")
            async let waited: PlatformV1.Session? = device.wait(for: shown.secret)
            _ = try await own.confirmQRSignIn(
                .init(code: shown.code, requestID: newRequestID()), options: resident.options)
            let session: PlatformV1.Session = try #require(try await waited)
            #expect(session.me?.name == resident.me?.name)
            let second: RPCError = try await refusal {
                try await own.confirmQRSignIn(
                    .init(code: shown.code, requestID: newRequestID()), options: resident.options)
            }
            #expect(second.reason == "KIOSK_CODE_OVER")
            let old: RPCError = try await refusal { try await device.wait(for: shown.secret) }
            #expect(old.reason == "QR_SIGN_IN_OVER")
        }
    }

    @Test func aCodeEndsAfterTwoMinutes() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            let device: Device = try await Device.make(test, "kiosk-a", by: admin)
            try await device.register(by: admin, place: root)
            let resident: PlatformV1.Session = try await test.register(phone)
            let own: PlatformV1.KioskSignInServiceClient = .init(channel: test.channel)
            let shown: PlatformV1.BeginQRSignInResponse = try await device.signIn.beginQRSignIn(.init())
            test.clock.advance(seconds: 119)
            _ = try await own.confirmQRSignIn(
                .init(code: shown.code, validateOnly: true), options: resident.options)
            test.clock.advance(seconds: 1)
            let over: RPCError = try await refusal {
                try await own.confirmQRSignIn(
                    .init(code: shown.code, requestID: newRequestID()), options: resident.options)
            }
            #expect(over.reason == "KIOSK_CODE_OVER")
            let typo: RPCError = try await refusal {
                try await own.confirmQRSignIn(
                    .init(code: "12345678", requestID: newRequestID()), options: resident.options)
            }
            #expect(typo.reason == "KIOSK_CODE_WRONG")
        }
    }

    @Test func aLockedKioskEndsItsSessionsAndTakesNobody() async throws {
        try await TestServer.run { test in
            let admin: PlatformV1.Session = try await test.signInOperator()
            let device: Device = try await Device.make(test, "kiosk-a", by: admin)
            try await device.register(by: admin, place: root)
            try await verified(test)
            let session: PlatformV1.Session = try await device.card(idNumber, "张晓明")
            let locked: PlatformV1.Kiosk = try await device.admin.lockKiosk(
                .init(name: "kiosks/kiosk-a", reason: "正在维修", requestID: newRequestID()),
                options: admin.options)
            #expect(locked.locked && locked.lockReason == "正在维修")
            let ended: RPCError = try await refusal {
                try await device.identity.getMe(.init(), options: session.options)
            }
            #expect(ended.reason == "SESSION_ENDED")
            let refused: RPCError = try await refusal { try await device.card(idNumber, "张晓明") }
            #expect(refused.reason == "KIOSK_LOCKED")
            #expect(try await device.kiosks.sendHeartbeat(.init(version: "1")).locked)
            let twice: RPCError = try await refusal {
                try await device.admin.lockKiosk(
                    .init(name: "kiosks/kiosk-a", reason: "再锁一次", requestID: newRequestID()),
                    options: admin.options)
            }
            #expect(twice.reason == "KIOSK_LOCKED_ALREADY")
            _ = try await device.admin.unlockKiosk(
                .init(name: "kiosks/kiosk-a", requestID: newRequestID()), options: admin.options)
            _ = try await device.card(idNumber, "张晓明")
        }
    }

    /// A resident whose identity was verified with the card.
    private func verified(_ test: TestServer) async throws {
        let session: PlatformV1.Session = try await test.register(phone)
        let code: String = try await test.newCode(phone, .verifyIdentity, count: 2)
        _ = try await test.identity.verifyIdentity(
            .init(idNumber: idNumber, fullName: "张晓明", code: code, requestID: newRequestID()),
            options: session.options)
    }
}

/// A device with a certificate that the server issued.
private struct Device {
    let id: String
    let channel: RPCChannel
    let admin: PlatformV1.KioskServiceClient

    var kiosks: PlatformV1.KioskServiceClient { .init(channel: channel) }
    var signIn: PlatformV1.KioskSignInServiceClient { .init(channel: channel) }
    var identity: PlatformV1.IdentityServiceClient { .init(channel: channel) }

    static func make(
        _ test: TestServer, _ id: String, kind: PlatformV1.CertificateKind = .device,
        by session: PlatformV1.Session
    ) async throws -> Device {
        let issued: PlatformV1.IssueCertificateResponse = try await PlatformV1.PkiServiceClient(
            channel: test.channel
        ).issueCertificate(
            .init(kind: kind, subjectID: id, displayName: "一体机", requestID: newRequestID()),
            options: session.options)
        let certificate: String = "\(test.path)/\(id).pem"
        let key: String = "\(test.path)/\(id).key"
        try issued.certificatePem.write(toFile: certificate, atomically: true, encoding: .utf8)
        try issued.privateKeyPem.write(toFile: key, atomically: true, encoding: .utf8)
        chmod(key, 0o600)
        let channel: RPCChannel = try TestServer.channel(
            test.server, certificate: CertificateFiles(certificateChain: certificate, privateKey: key))
        return Device(id: id, channel: channel, admin: .init(channel: test.channel))
    }

    func register(by session: PlatformV1.Session, place: String) async throws {
        _ = try await admin.registerKiosk(
            .init(id: id, displayName: "一号机", place: place, requestID: newRequestID()),
            options: session.options)
    }

    func shown(by session: PlatformV1.Session) async throws -> PlatformV1.Kiosk {
        try await admin.getKiosk(.init(name: "kiosks/\(id)"), options: session.options)
    }

    func code(_ test: TestServer, _ phone: String, count: Int) async throws -> String {
        _ = try await identity.sendCode(.init(phone: phone, purpose: .signIn))
        return try await test.code(for: phone, count: count)
    }

    func card(_ number: String, _ name: String) async throws -> PlatformV1.Session {
        try await signIn.signInByCard(.init(idNumber: number, fullName: name))
    }

    /// The one message of the stream.
    func wait(for secret: String) async throws -> PlatformV1.Session? {
        var session: PlatformV1.Session?
        let stream = signIn.waitForQRSignIn(.init(secret: secret))
        for try await message in stream { session = message }
        return session
    }
}
