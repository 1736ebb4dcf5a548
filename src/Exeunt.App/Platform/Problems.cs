using System.Text.Json;
using Exeunt.App.Ui;
using Exeunt.Core;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Exeunt.App.Platform;

/// <summary>
/// The one place that turns refusals and faults into HTTP: problem+json (RFC 9457) for programs, a page for people. The
/// status follows the kind of refusal; the code is in <c>type</c> (/problems/CODE) and <c>code</c>.
/// </summary>
public static class Problems
{
    public static readonly Refusal FormExpired = new(RefusalKind.Invalid, "form-expired",
        "This form was open too long or came from another site. Go back, reload the page and send it again.", "此表单已过期或来源不明。请返回、刷新页面后重新提交。");

    public static readonly Refusal Broken = new(RefusalKind.Conflict, "internal-error",
        "Something broke on our side. Nothing was saved; please try again, and tell us the reference below if it happens again.", "系统出现问题，未保存任何内容。请重试；若再次发生，请提供下方编号。");

    public static readonly Refusal CannotSave = new(RefusalKind.Conflict, "cannot-save",
        "Nothing can be saved at the moment. Look whether this was saved before you send it again in a few minutes; a program repeats it with the same Idempotency-Key.", "系统暂时无法保存数据。请几分钟后先确认本次操作是否已保存，再重新提交；程序请使用相同的 Idempotency-Key 重试。");

    public static readonly Refusal Malformed = new(RefusalKind.Invalid, "malformed-request",
        "This request could not be read. Check its address, fields and format.", "无法读取此请求。请检查地址、字段和格式。");

    public static readonly Refusal TooManyRequests = new(RefusalKind.TooMany, "too-many-requests",
        "Too many requests in a short time. Please wait a minute.", "请求过于频繁，请稍候一分钟再试。");

    public static Refusal TooLarge(long most) => new(RefusalKind.Invalid, "request-too-large",
        $"This is more than is taken here: at most {most >> 20} MB. Make the file smaller, or send it in parts.", $"内容超过此处上限 {most >> 20} MB，请缩小文件或分次提交。");

    public static int StatusOf(Refusal refusal) =>
        refusal.Kind switch
        {
            RefusalKind.Invalid => StatusCodes.Status422UnprocessableEntity,
            RefusalKind.NotFound => StatusCodes.Status404NotFound,
            RefusalKind.Conflict => StatusCodes.Status409Conflict,
            RefusalKind.Forbidden => StatusCodes.Status403Forbidden,
            RefusalKind.TooMany => StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status400BadRequest,
        };

    public static bool WantsPage(HttpContext context) =>
        !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
        && (context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase));

    public static async Task Write(HttpContext context, Refusal refusal, int? status = null)
    {
        var code = status ?? StatusOf(refusal);
        var caller = context.RequestServices.GetRequiredService<Caller>();
        if (WantsPage(context))
        {
            await new RazorComponentResult<ProblemPage>(new { Refusal = refusal, Reference = context.TraceIdentifier }) { StatusCode = code }.ExecuteAsync(context);
            return;
        }
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/problem+json";
        await context.Response.WriteAsync(JsonSerializer.Serialize(new
        {
            type = "/problems/" + refusal.Code,
            title = refusal.In(caller.Language),
            status = code,
            code = refusal.Code,
            field = refusal.Field,
            possibleOn = refusal.PossibleOn,
            reference = context.TraceIdentifier,
        }, Json.Plain));
    }

    /// <summary>A bare status code (unknown route, wrong method, unreadable request) as a problem.</summary>
    public static Task WriteStatus(HttpContext context, int status) =>
        Write(context, status switch
        {
            StatusCodes.Status404NotFound => CommonRefusals.NotFound,
            StatusCodes.Status413PayloadTooLarge => TooLarge(LargeBodies.LimitOf(context)),
            StatusCodes.Status429TooManyRequests => TooManyRequests,
            StatusCodes.Status503ServiceUnavailable => CannotSave,
            >= 500 => Broken,
            _ => Malformed,
        }, status);

    /// <summary>A form that does not prove that it is ours: too old, from elsewhere, or too large to be read.</summary>
    public static Task WriteForm(HttpContext context, IAntiforgeryValidationFeature wrong) =>
        wrong.Error?.InnerException is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } large ? WriteStatus(context, large.StatusCode) : Write(context, FormExpired);
}

/// <summary>A refusal as the result of an endpoint.</summary>
public sealed class ProblemResult(Refusal refusal) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => Problems.Write(httpContext, refusal);
}
