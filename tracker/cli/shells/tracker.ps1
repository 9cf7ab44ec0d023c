# Completion of tracker for PowerShell. In the file that $PROFILE names:
# tracker completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName tracker -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $elements = @($commandAst.CommandElements |
        Where-Object { $_.Extent.StartOffset -lt $cursorPosition })
    $words = @($elements | ForEach-Object { $_.Extent.Text })
    $last = $elements[-1].Extent
    $word = ''
    if ($last.EndOffset -ge $cursorPosition) {
        $word = $last.Text.Substring(0, $cursorPosition - $last.StartOffset)
        $words = @($words | Select-Object -SkipLast 1)
    }

    $before = @{}
    $asked = @{
        _TRACKER_COMPLETE = 'powershell_complete'
        COMP_WORDS        = $words -join "`n"
        COMP_WORD         = $word
        COMP_PART         = $wordToComplete
    }
    $encoding = [Console]::OutputEncoding
    try {
        foreach ($name in $asked.Keys) {
            $before[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $asked[$name])
        }
        [Console]::OutputEncoding = [Text.UTF8Encoding]::new($false)
        $answer = @(& $words[0] 2>$null)
    } catch {
        return
    } finally {
        [Console]::OutputEncoding = $encoding
        foreach ($name in $asked.Keys) {
            [Environment]::SetEnvironmentVariable($name, $before[$name])
        }
    }

    foreach ($line in $answer) {
        $type, $value, $shown, $help = $line -split "`t", 4
        if ($type -eq 'plain') {
            [Management.Automation.CompletionResult]::new($value, $shown, 'ParameterValue', $help)
        } elseif ($type -eq 'file' -or $type -eq 'dir') {
            [Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete) |
                Where-Object { $type -eq 'file' -or $_.ResultType -eq 'ProviderContainer' }
        }
    }
}
