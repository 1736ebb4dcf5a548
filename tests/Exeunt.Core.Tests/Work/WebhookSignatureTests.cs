using Exeunt.Core.Work;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Work;

public sealed class WebhookSignatureTests
{
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Body = "{\"test\": 2432232314}";
    private const long At = 1614265330;
    private static readonly byte[] Key = WebhookSignature.KeyOf("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")!;
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(At);

    /// <summary>Reference: the example of the Standard Webhooks libraries' test suites.</summary>
    [Fact]
    public void Signs_as_the_reference_does() => WebhookSignature.Sign(Key, Id, At, Body).ShouldBe("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public void Believes_a_right_signature_among_several_near_its_time()
    {
        var right = WebhookSignature.Sign(Key, Id, At, Body);
        WebhookSignature.Check(Key, Id, $"{At}", $"v1,AAAA {right}", Body, Now).ShouldBeNull();
        WebhookSignature.Check(Key, Id, $"{At}", right, Body, Now.AddMinutes(5)).ShouldBeNull();
        WebhookSignature.Check(Key, Id, $"{At}", right, Body, Now.AddMinutes(5).AddSeconds(1))!.Code.ShouldBe("callback.too-old");
        WebhookSignature.Check(Key, Id, $"{At}", right, Body, Now.AddMinutes(-5).AddSeconds(-1))!.Code.ShouldBe("callback.too-old");
    }

    [Fact]
    public void Believes_nothing_that_was_changed()
    {
        var right = WebhookSignature.Sign(Key, Id, At, Body);
        WebhookSignature.Check(Key, Id, $"{At}", right, Body + " ", Now)!.Code.ShouldBe("callback.wrong-signature");
        WebhookSignature.Check(Key, Id + "x", $"{At}", right, Body, Now)!.Code.ShouldBe("callback.wrong-signature");
        WebhookSignature.Check(Key, Id, $"{At + 1}", right, Body, Now)!.Code.ShouldBe("callback.wrong-signature");
        WebhookSignature.Check(WebhookSignature.KeyOf("whsec_" + Convert.ToBase64String(new byte[24]))!, Id, $"{At}", right, Body, Now)!.Code.ShouldBe("callback.wrong-signature");
        foreach (var (id, at, signature) in new[] { (null, $"{At}", right), (Id, null, right), (Id, "-1", right), (Id, $"{At}", (string?)null), ("a.b", $"{At}", right) })
            WebhookSignature.Check(Key, id, at, signature, Body, Now)!.Code.ShouldBe("callback.unsigned");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("whsec_")]
    [InlineData("whsec_AAAA")]
    [InlineData("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public void Takes_no_weak_secret(string? secret) => WebhookSignature.KeyOf(secret).ShouldBeNull();
}
